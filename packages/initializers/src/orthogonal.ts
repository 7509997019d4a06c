// Orthogonal kernels: what goes through keeps its length.
import type { Fans, Initializer, Key, Shape } from '@nn/core';
import { checkNumber, defineFactory, fillNormal, resolveOptions } from '@nn/core';
import { kernelMatrices } from './groups.ts';
import { float32Range, foreignNames, initializerOf } from './initializer.ts';

export interface OrthogonalOptions {
  /** Multiplies the matrix: default 1; `gainFor('relu')` is √2. */
  readonly gain?: number;
}

/**
 * A random orthogonal matrix times `gain`. A kernel [in, out] that is not square has orthonormal columns (in > out) or rows; that of a
 * convolution [height, width, in, out] is taken as a matrix [height · width · in, out], for each group of channels one. All rotations
 * are equally likely. It takes about 2 · in · out · min(in, out) multiplications, a second or two for 1024 × 1024.
 * Sources: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks" (2013);
 * Mezzadri, "How to generate random matrices from the classical compact groups" (2007).
 *
 * @throws ConfigError for a gain that is not finite; ShapeError when filling a variable of rank below 2
 */
export const orthogonal = defineFactory('orthogonal', createOrthogonal, createOrthogonal);

function createOrthogonal(options: OrthogonalOptions = {}): Initializer {
  const resolved = resolveOptions<Required<OrthogonalOptions>>('orthogonal', options, { gain: 1 }, foreignNames);
  checkNumber('orthogonal', 'gain', resolved.gain, float32Range);
  return initializerOf('orthogonal', resolved, (out, fans, key, shape) => fillOrthogonal(out, shape, fans, key, resolved.gain));
}

function fillOrthogonal(out: Float32Array, shape: Shape, fans: Fans | null, key: Key, gain: number): void {
  const { rows, columns, groups, indexOf } = kernelMatrices('orthogonal', shape, fans);
  const length = Math.max(rows, columns);
  const count = Math.min(rows, columns);
  const normals = new Float32Array(groups * length * count);
  fillNormal(key, normals);
  for (let group = 0; group < groups; group++) {
    const vectors = Array.from({ length: count }, (_, index) => {
      const begin = (group * count + index) * length;
      return Float64Array.from(normals.subarray(begin, begin + length));
    });
    orthonormalize(vectors);
    vectors.forEach((vector, index) =>
      vector.forEach((value, place) => {
        const [row, column] = rows >= columns ? [place, index] : [index, place];
        out[indexOf(group, row, column)] = gain * value;
      }),
    );
  }
}

/**
 * Makes independent vectors orthonormal, in place (Gram and Schmidt, each projection from what the ones before have left). Lengths stay
 * positive, so that normal numbers give every rotation with the same density. What float64 loses here is far below float32. Four vectors
 * at a time are finished and taken out of all that follow, which reads those a quarter as often.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  for (let begin = 0; begin < vectors.length; begin += 4) {
    const panel = vectors.slice(begin, begin + 4);
    panel.forEach((vector, index) => {
      for (const unit of panel.slice(0, index)) addMultiple(vector, unit, -dot(vector, unit));
      normalize(vector);
    });
    for (const later of vectors.slice(begin + 4)) removeProjections(later, panel as Four);
  }
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/** A vector of one element can be 0: any direction is as good. */
function normalize(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  if (length === 0) vector[0] = 1;
  else for (let place = 0; place < vector.length; place++) vector[place]! /= length;
}

function removeProjections(vector: Float64Array, [a, b, c, d]: Four): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let place = 0; place < vector.length; place++) {
    const value = vector[place]!;
    alongA += value * a[place]!;
    alongB += value * b[place]!;
    alongC += value * c[place]!;
    alongD += value * d[place]!;
  }
  for (let place = 0; place < vector.length; place++) {
    vector[place]! -= alongA * a[place]! + alongB * b[place]! + alongC * c[place]! + alongD * d[place]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += a[place]! * b[place]!;
  return sum;
}

function addMultiple(target: Float64Array, other: Float64Array, factor: number): void {
  for (let place = 0; place < target.length; place++) target[place]! += factor * other[place]!;
}
