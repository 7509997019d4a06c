// What initializers are for: the scale of activations through 20 layers of 256 units, next to what theory and other libraries give.
import type { Initializer } from '@nn/core';
import { fillNormal, streamKey } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { gainFor } from './forActivation.ts';
import { glorotNormal } from './glorot.ts';
import { heNormal, heUniform } from './he.ts';
import { lecunNormal, lecunUniform } from './lecun.ts';
import { normal } from './normal.ts';
import { orthogonal } from './orthogonal.ts';
import { draw, mean, variance } from './testing/sampling.ts';
import { varianceScaling } from './varianceScaling.ts';

const [width, samples, depth] = [256, 32, 20];

const relu = (x: number): number => Math.max(0, x);
const selu = (x: number): number => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));

/** Mean and standard deviation of the activations after each layer, for normal inputs. */
function activationsAfter(
  initializer: Initializer,
  activation: (x: number) => number,
  seed = 0,
): readonly { readonly mean: number; readonly deviation: number }[] {
  let activations = new Float32Array(samples * width);
  fillNormal(streamKey(seed, 'inputs', 0, 0), activations);
  return Array.from({ length: depth }, (_, layer) => {
    const kernel = draw(initializer, [width, width], { fanIn: width, fanOut: width }, seed, `dense${layer + 1}/kernel`);
    activations = layerOf(activations, kernel, activation);
    return { mean: mean(activations), deviation: Math.sqrt(variance(activations)) };
  });
}

function layerOf(x: Float32Array, kernel: Float32Array, activation: (x: number) => number): Float32Array<ArrayBuffer> {
  const y = new Float32Array(samples * width);
  for (let sample = 0; sample < samples; sample++) {
    const sums = new Float64Array(width);
    for (let input = 0; input < width; input++) {
      const value = x[sample * width + input]!;
      for (let output = 0; output < width; output++) sums[output]! += value * kernel[input * width + output]!;
    }
    y.set(sums.map(activation), sample * width);
  }
  return y;
}

const deviations = (initializer: Initializer, activation: (x: number) => number, seed?: number): [first: number, last: number] => {
  const layers = activationsAfter(initializer, activation, seed);
  return [layers[0]!.deviation, layers.at(-1)!.deviation];
};

describe('20 layers of ReLU', () => {
  it.each([
    ['heNormal', heNormal()],
    ['heNormal, truncated', heNormal({ truncated: true })],
    ['heUniform', heUniform()],
    ['orthogonal with the gain of relu', orthogonal({ gain: gainFor('relu') })],
  ])('keep the signal with %s', (_name, initializer) => {
    const [first, last] = deviations(initializer, relu);
    // √(1 − 1/π): what ReLU leaves of a normal number with the variance 2.
    expect(Math.abs(first - 0.826)).toBeLessThan(0.03);
    // Its logarithm wanders by about √(20 · 5/256)/2 with the draw of the kernels.
    expect(last).toBeGreaterThan(0.3);
    expect(last).toBeLessThan(1);
  });

  it('lose it with the variance 1/n, half of it in every layer', () => {
    const [first, last] = deviations(lecunNormal(), relu);
    expect(Math.abs(first - 0.584)).toBeLessThan(0.02);
    expect(last).toBeGreaterThan(2e-4);
    expect(last).toBeLessThan(1.5e-3);
  });

  it('would lose most of it with a normal distribution that is cut and not widened again', () => {
    // 0.7737 of the variance is left: the defect of a well-known library.
    const cut = varianceScaling({ scale: 2 * 0.7737413, distribution: 'normal' });
    const [, lost] = deviations(cut, relu);
    const [, kept] = deviations(heNormal({ truncated: true }), relu);
    expect(lost).toBeLessThan(0.12);
    expect(kept / lost).toBeGreaterThan(5);
  });
});

describe('20 layers of SELU', () => {
  it.each([
    ['lecunNormal', lecunNormal()],
    ['lecunNormal, truncated', lecunNormal({ truncated: true })],
    ['lecunUniform', lecunUniform()],
    ['orthogonal', orthogonal()],
  ])('normalize themselves with %s: mean 0 and deviation 1 in every layer', (_name, initializer) => {
    for (const { mean: center, deviation } of activationsAfter(initializer, selu)) {
      expect(Math.abs(center)).toBeLessThan(0.1);
      expect(Math.abs(deviation - 1)).toBeLessThan(0.06);
    }
  });

  it('do not with a normal distribution that is cut and not widened again', () => {
    const [, deviation] = deviations(varianceScaling({ scale: 0.7737413, distribution: 'normal' }), selu);
    expect(deviation).toBeLessThan(0.7);
  });
});

describe('20 layers of tanh', () => {
  it('fade with small kernels, saturate with large ones, and keep a signal in between', () => {
    const [, faded] = deviations(normal({ deviation: 0.01 }), Math.tanh);
    expect(faded).toBeGreaterThan(0.4e-16);
    expect(faded).toBeLessThan(4e-16);
    const [, saturated] = deviations(normal({ deviation: 1 }), Math.tanh);
    expect(Math.abs(saturated - 0.974)).toBeLessThan(0.005);
    for (const calibrated of [lecunNormal(), glorotNormal()]) {
      const [, kept] = deviations(calibrated, Math.tanh);
      expect(kept).toBeGreaterThan(0.1);
      expect(kept).toBeLessThan(0.25);
    }
  });

  it('settle at one scale with the gain of tanh', () => {
    const last = deviations(glorotNormal({ gain: gainFor('tanh') }), Math.tanh)[1];
    expect(last).toBeGreaterThan(0.55);
    expect(last).toBeLessThan(0.75);
  });
});
