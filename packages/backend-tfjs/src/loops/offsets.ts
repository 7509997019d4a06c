// Where loops over an array are at each turn.
import type { Shape } from '@nn/core';
import { sizeOf } from '@nn/core';

/** For each turn of nested loops, in order, where an array is: `start` + Σ index[axis] · strides[axis]. */
export function offsetsOf(extents: Shape, strides: readonly number[], start = 0): Int32Array {
  const offsets = new Int32Array(sizeOf(extents));
  const index = extents.map(() => 0);
  let offset = start;
  for (let turn = 0; turn < offsets.length; turn++) {
    offsets[turn] = offset;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < extents[axis]!) break;
      offset -= strides[axis]! * extents[axis]!;
      index[axis] = 0;
    }
  }
  return offsets;
}
