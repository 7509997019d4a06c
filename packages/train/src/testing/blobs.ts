// A small classification problem: points around three centers in the plane, the same ones for the same seed.
import { NdArray, fillNormal, streamKey } from '@nn/core';

const centers = [
  [2, 0],
  [-1, 1.7],
  [-1, -1.7],
] as const;

/** x f32 [rows, 2] and class indices y i32 [rows]; the classes take turns. */
export function blobs(rows: number, seed = 1): { readonly x: NdArray; readonly y: NdArray } {
  const x = new Float32Array(rows * 2);
  fillNormal(streamKey(seed, 'blobs', 0, 0), x, { mean: 0, deviation: 0.6 });
  const y = Int32Array.from({ length: rows }, (_, row) => row % centers.length);
  y.forEach((label, row) => centers[label]!.forEach((center, axis) => (x[row * 2 + axis] = x[row * 2 + axis]! + center)));
  return { x: new NdArray(x, [rows, 2], 'f32'), y: new NdArray(y, [rows], 'i32') };
}
