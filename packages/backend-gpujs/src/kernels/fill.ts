// `iota` and `uniform`: elements that depend on their position alone.
import { fillUniform, sizeOf, streamKey } from '@nn/core';
import { gridOf } from '../source/grid.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { GpuKernel } from './kernel.ts';

export const iota: GpuKernel<'iota'> =
  (target) =>
  ({ attrs: { shape, axis } }) => {
    if (sizeOf(shape) === 0) return nothing;
    const around = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
    const grid = gridOf(around, target.grid);
    return singleKernel(kernelSource(target, grid, 0, { statements: [], result: grid.indices[1]! }), 0);
  };

/** The bits are core's: floats do not hold the integers that they are made from, so they are made on the host. */
export const uniform: GpuKernel<'uniform'> =
  () =>
  ({ attrs: { shape, path, call } }) => ({
    stages: [
      {
        kind: 'host',
        inputs: [0, 1],
        compute([seed, step]) {
          const numbers = new Float32Array(sizeOf(shape));
          fillUniform(streamKey(seed![0]! >>> 0, path, call, step![0]! >>> 0), numbers);
          return numbers;
        },
      },
    ],
  });
