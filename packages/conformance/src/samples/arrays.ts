// Arrays to try ops on: random numbers with the same bits everywhere, and numbers written down.
import type { Shape } from '@nn/core';
import { NdArray, fillNormal, ndarray, sizeOf, streamKey } from '@nn/core';

/** Normal numbers f32; the name tells the arrays of a sample apart. */
export function normal(name: string, shape: Shape, { mean = 0, deviation = 1 } = {}): NdArray {
  const data = new Float32Array(sizeOf(shape));
  fillNormal(streamKey(1, name, 0, 0), data, { mean, deviation });
  return new NdArray(data, shape, 'f32');
}

/** Numbers between 0.5 and about 3.5. */
export function positive(name: string, shape: Shape): NdArray {
  const { data } = normal(name, shape);
  return new NdArray(
    Float32Array.from(data, (value) => 0.5 + Math.abs(value)),
    shape,
    'f32',
  );
}

/** Rows that sum to 1, without a zero. */
export function probabilities(name: string, [rows, classes]: readonly [number, number]): NdArray {
  const values = Array.from(positive(name, [rows, classes]).data);
  const scaled = Array.from({ length: rows }, (_, row) => {
    const weights = values.slice(row * classes, (row + 1) * classes);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
  return ndarray(scaled, { dtype: 'f32' });
}

/** i32 [n] */
export function integers(...values: readonly number[]): NdArray {
  return ndarray([...values], { dtype: 'i32' });
}

/** f32 [n] */
export function numbers(...values: readonly number[]): NdArray {
  return ndarray([...values], { dtype: 'f32' });
}
