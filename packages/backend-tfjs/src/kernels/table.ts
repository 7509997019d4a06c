// The table of kernels of a device: what TensorFlow.js computes on all of them, and what each family of devices computes by itself.
import type { KernelName, KernelTable, PrimitiveAttrs } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import type { Runtime } from '../device/runtime.ts';
import { compositeKernels } from './composites.ts';
import { deviceKernel } from './kernel.ts';
import type { Prepare } from './kernel.ts';
import { matmul } from './matmul.ts';
import { uniformKernel } from './random.ts';
import { stretchBy } from './stretch.ts';

/** What loops over the memory of a device compute, or shaders: every primitive that is not the same on all devices. */
export type OwnKernels = { readonly [N in Exclude<KernelName, 'matmul' | 'uniform'>]: Prepare<PrimitiveAttrs[N]> };

export function kernelTable(runtime: Runtime, own: OwnKernels): KernelTable<Cell> {
  const kernel = <A>(prepare: Prepare<A>) => deviceKernel(runtime, prepare);
  return {
    map: kernel(own.map),
    reduce: kernel(own.reduce),
    matmul: kernel(matmul(runtime, stretchBy(own.map))),
    transpose: kernel(own.transpose),
    slice: kernel(own.slice),
    concat: kernel(own.concat),
    pad: kernel(own.pad),
    gather: kernel(own.gather),
    scatterAdd: kernel(own.scatterAdd),
    iota: kernel(own.iota),
    uniform: uniformKernel(runtime),
    ...compositeKernels(runtime),
  };
}
