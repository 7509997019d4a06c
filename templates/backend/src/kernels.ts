// The kernels so far. Take away `Partial` from the type and the fallback from the backend when all are here: one that is missing
// does not compile then.
import type { PartialKernelTable, TypedArray } from '@nn/core';
import { sizeOf } from '@nn/core';

export const kernels: PartialKernelTable<TypedArray> = {
  // A kernel gets attributes and shapes once, and returns what runs, over the device's buffers.
  iota: ({ attrs: { shape, axis } }) => {
    const inner = sizeOf(shape.slice(axis + 1));
    const extent = shape[axis]!;
    return (_inputs, [output]) => {
      for (let index = 0; index < output!.length; index++) output![index] = Math.floor(index / inner) % extent;
    };
  },
};
