// Moving elements between arrays row by row.
import type { TypedArray } from '@nn/core';
import type { Rows } from './axes.ts';

/** Copies every row of operand 0 to that of operand 1. */
export function copyRows({ count, length, starts, strides }: Rows, source: TypedArray, target: TypedArray): void {
  const [sourceStarts, targetStarts] = starts as [Int32Array, Int32Array];
  const [sourceStride, targetStride] = strides as [number, number];
  for (let row = 0; row < count; row++) {
    let from = sourceStarts[row]!;
    let to = targetStarts[row]!;
    for (let element = 0; element < length; element++, from += sourceStride, to += targetStride) target[to] = source[from]!;
  }
}

/** Copies `length` neighbours. */
export function copyRange(source: TypedArray, from: number, target: TypedArray, to: number, length: number): void {
  for (let element = 0; element < length; element++) target[to + element] = source[from + element]!;
}
