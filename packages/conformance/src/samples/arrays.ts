// Arrays to try ops on: random numbers with the same bits everywhere, and numbers written down.
import type { Shape } from '@nn/core';
import { NdArray, fillNormal, ndarray, sizeOf, streamKey } from '@nn/core';

/** Random arrays of one seed. The name tells the arrays of a sample apart. */
export interface Draw {
  /** Normal numbers f32. */
  normal(name: string, shape: Shape, options?: { readonly mean?: number; readonly deviation?: number }): NdArray;
  /** Numbers between 0.5 and about 3.5. */
  positive(name: string, shape: Shape): NdArray;
  /** Rows that sum to 1, without a zero. */
  probabilities(name: string, shape: readonly [number, number]): NdArray;
}

/** What is drawn with a seed: the same bits everywhere. */
export function drawWith(seed: number): Draw {
  const normal: Draw['normal'] = (name, shape, { mean = 0, deviation = 1 } = {}) => {
    const data = new Float32Array(sizeOf(shape));
    fillNormal(streamKey(seed, name, 0, 0), data, { mean, deviation });
    return new NdArray(data, shape, 'f32');
  };
  const positive: Draw['positive'] = (name, shape) => {
    const { data } = normal(name, shape);
    return new NdArray(
      Float32Array.from(data, (value) => 0.5 + Math.abs(value)),
      shape,
      'f32',
    );
  };
  const probabilities: Draw['probabilities'] = (name, [rows, classes]) => {
    const values = Array.from(positive(name, [rows, classes]).data);
    const scaled = Array.from({ length: rows }, (_, row) => {
      const weights = values.slice(row * classes, (row + 1) * classes);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    });
    return ndarray(scaled, { dtype: 'f32' });
  };
  return { normal, positive, probabilities };
}

/** What is drawn with seed 1. */
export const firstDraw: Draw = drawWith(1);

/** i32 [n] */
export function integers(...values: readonly number[]): NdArray {
  return ndarray([...values], { dtype: 'i32' });
}

/** f32 [n] */
export function numbers(...values: readonly number[]): NdArray {
  return ndarray([...values], { dtype: 'f32' });
}
