// The kernels of devices whose memory JavaScript reaches.
import type { KernelTable } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import { kernelTable } from '../kernels/table.ts';
import type { HostRuntime } from './hostRuntime.ts';
import { hostGather, hostIota, hostScatterAdd } from './indexing.ts';
import { hostMap } from './map.ts';
import { hostConcat, hostPad, hostSlice, hostTranspose } from './movement.ts';
import { hostReduce } from './reduce.ts';

export function hostKernels(runtime: HostRuntime): KernelTable<Cell> {
  return kernelTable(runtime, {
    map: hostMap(runtime),
    reduce: hostReduce(runtime),
    transpose: hostTranspose(runtime),
    slice: hostSlice(runtime),
    concat: hostConcat(runtime),
    pad: hostPad(runtime),
    gather: hostGather(runtime),
    scatterAdd: hostScatterAdd(runtime),
    iota: hostIota(runtime),
  });
}
