// One kernel per primitive. Composites are decomposed, except those that a kernel of their own makes faster.
import type { KernelTable } from '@nn/core';
import type { Cell } from '../runtime/cell.ts';
import type { GpuStep } from '../source/stage.ts';
import type { Target } from '../source/target.ts';
import { iota, uniform } from './fill.ts';
import { gather, scatterAdd } from './indexing.ts';
import { map, slice, transpose } from './map.ts';
import { matmul } from './matmul.ts';
import { concat, pad } from './movement.ts';
import { reduce } from './reduce.ts';

/** The kernels of a mode. */
export function gpuKernels(target: Target): KernelTable<Cell, GpuStep> {
  return {
    map: map(target),
    reduce: reduce(target),
    matmul: matmul(target),
    transpose: transpose(target),
    slice: slice(target),
    concat: concat(target),
    pad: pad(target),
    gather: gather(target),
    scatterAdd: scatterAdd(target),
    iota: iota(target),
    uniform: uniform(target),
  };
}
