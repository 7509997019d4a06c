// Where the elements of one array are in another: the index arithmetic of all kernels that move elements.
import { sizeOf } from '@nn/core';
import type { Shape } from '@nn/core';

/** For each element of an array of `shape`, in row-major order: offset + Σ index[axis] · strides[axis]. */
export function positions(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  const result = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let element = 0; element < result.length; element++) {
    result[element] = index.reduce((position, i, axis) => position + i * strides[axis]!, offset);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}
