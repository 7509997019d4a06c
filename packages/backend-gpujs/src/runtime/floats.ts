// Kernels compute with floats only: what elements of other dtypes are there, and back.
import { allocateTyped, BackendError } from '@nn/core';
import type { DType, TypedArray } from '@nn/core';

/** The elements as floats; the same array where they are that already. */
export function toFloats(values: TypedArray): Float32Array<ArrayBuffer> {
  if (values instanceof Float32Array && values.buffer instanceof ArrayBuffer)
    return new Float32Array(values.buffer, values.byteOffset, values.length);
  return Float32Array.from(values);
}

/** Floats that a kernel computed as elements of a dtype. Integers were computed as floats, so they may lie a little beyond the 32 bits. */
export function fromFloats(values: Float32Array<ArrayBuffer>, dtype: DType): TypedArray {
  if (dtype === 'f32') return values;
  const result = allocateTyped(dtype, values.length);
  if (dtype === 'i32')
    for (let index = 0; index < result.length; index++) result[index] = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, values[index]!));
  else result.set(values);
  return result;
}

/** What gpu.js returned as one array. Results with several axes are nested arrays there: rows of one array that has all elements. */
export function flatResult(result: unknown, length: number): Float32Array<ArrayBuffer> {
  let row = result;
  while (Array.isArray(row)) row = row[0];
  if (row instanceof Float32Array && row.buffer instanceof ArrayBuffer) return new Float32Array(row.buffer, row.byteOffset, length);
  throw new BackendError(`gpu.js returned ${typeof row} in place of an array.`, 'backend.failed');
}
