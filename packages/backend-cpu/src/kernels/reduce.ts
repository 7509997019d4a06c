// `reduce`: sums in float64, so that long axes lose nothing; one pass over the input whatever the axes.
import { sizeOf, stridesOf } from '@nn/core';
import type { ReduceKind, TypedArray } from '@nn/core';
import { rowsOf } from '../loops/axes.ts';
import type { Rows } from '../loops/axes.ts';
import type { Workspace } from '../loops/workspace.ts';
import type { CpuKernel } from './kernel.ts';

/** Folds the rows of operand 0 into the results of operand 1. */
type Fold<Results extends TypedArray> = (rows: Rows, x: TypedArray, results: Results) => void;

export function reduceKernel(workspace: Workspace): CpuKernel<'reduce'> {
  return ({ attrs: { kind, axes }, inputs, outputs }) => {
    const { shape, dtype } = inputs[0]!;
    const resultShape = outputs[0]!.shape;
    const resultStrides = stridesOf(resultShape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
    const rows = rowsOf({ shape, strides: [stridesOf(shape), resultStrides] });
    if (dtype === 'i32') {
      const { start, fold } = integerReductions[kind];
      return ([x], [output]) => {
        output!.fill(start);
        fold(rows, x!, output as Int32Array);
      };
    }
    const { start, fold } = floatReductions[kind];
    const size = sizeOf(resultShape);
    workspace.reserveDoubles(size);
    return ([x], [output]) => {
      const results = workspace.doubles;
      results.fill(start, 0, size);
      fold(rows, x!, results);
      for (let element = 0; element < size; element++) output![element] = results[element]!;
    };
  };
}

interface Reduction<Results extends TypedArray> {
  readonly start: number;
  readonly fold: Fold<Results>;
}

const floatReductions: Readonly<Record<ReduceKind, Reduction<Float64Array>>> = {
  sum: { start: 0, fold: sumRows },
  prod: { start: 1, fold: foldWith((a, b) => a * b) },
  max: { start: -Infinity, fold: foldWith(Math.max) },
  min: { start: Infinity, fold: foldWith(Math.min) },
};

const integerReductions: Readonly<Record<ReduceKind, Reduction<Int32Array>>> = {
  sum: { start: 0, fold: foldWith((a, b) => (a + b) | 0) },
  prod: { start: 1, fold: foldWith(Math.imul) },
  max: { start: -(2 ** 31), fold: foldWith(Math.max) },
  min: { start: 2 ** 31 - 1, fold: foldWith(Math.min) },
};

function foldWith(combine: (result: number, value: number) => number): Fold<TypedArray> {
  return ({ count, length, starts: [from, to], strides: [xStride, resultStride] }, x, results) => {
    for (let row = 0; row < count; row++) {
      let source = from![row]!;
      let target = to![row]!;
      for (let element = 0; element < length; element++, source += xStride!, target += resultStride!) {
        results[target] = combine(results[target]!, x[source]!);
      }
    }
  };
}

function sumRows(
  { count, length, starts: [from, to], strides: [xStride, resultStride] }: Rows,
  x: TypedArray,
  results: Float64Array,
): void {
  for (let row = 0; row < count; row++) {
    const source = from![row]!;
    const target = to![row]!;
    if (resultStride === 0) {
      results[target]! += sumOf(x, source, xStride!, length);
    } else {
      for (let element = 0; element < length; element++) results[target + element * resultStride!]! += x[source + element * xStride!]!;
    }
  }
}

/** Four sums side by side: an addition need not wait for the one before it. */
function sumOf(x: TypedArray, start: number, stride: number, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let element = 0;
  let at = start;
  for (; element + 4 <= length; element += 4, at += 4 * stride) {
    sum0 += x[at]!;
    sum1 += x[at + stride]!;
    sum2 += x[at + 2 * stride]!;
    sum3 += x[at + 3 * stride]!;
  }
  for (; element < length; element++, at += stride) sum0 += x[at]!;
  return sum0 + sum1 + (sum2 + sum3);
}
