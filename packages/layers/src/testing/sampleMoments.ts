// Samples for tests, and their moments.
import { fillNormal, sizeOf, streamKey } from '@nn/core';
import type { NdArray } from '@nn/core';
import { array } from './layerRunner.ts';

/** Numbers of a standard normal distribution, the same in every run. */
export function standardNormal(...shape: number[]): NdArray {
  const values = new Float32Array(sizeOf(shape));
  fillNormal(streamKey(1, 'standard normal', 0, 0), values);
  return array(values, shape);
}

/** Column j of an array [rows, columns]. */
export function columnOf(data: ArrayLike<number>, columns: number, j: number): number[] {
  return Array.from(data).filter((_, index) => index % columns === j);
}

export function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0) / values.length;
}

/** Biased: divided by the number of values. */
export function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  return meanOf(Array.from(values, (value) => (value - mean) ** 2));
}
