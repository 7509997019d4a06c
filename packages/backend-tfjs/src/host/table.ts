// The kernels of devices whose memory JavaScript reaches.
import type { KernelTable } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import { compositeKernels } from '../kernels/composites.ts';
import { deviceKernel } from '../kernels/kernel.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { matmul } from '../kernels/matmul.ts';
import { uniformKernel } from '../kernels/random.ts';
import { stretchBy } from '../kernels/stretch.ts';
import type { HostRuntime } from './hostRuntime.ts';
import { hostGather, hostIota, hostScatterAdd } from './indexing.ts';
import { hostMap } from './map.ts';
import { hostConcat, hostPad, hostSlice, hostTranspose } from './movement.ts';
import { hostReduce } from './reduce.ts';

export function hostKernels(runtime: HostRuntime): KernelTable<Cell> {
  const kernel = <A>(prepare: Prepare<A>) => deviceKernel(runtime, prepare);
  const map = hostMap(runtime);
  return {
    map: kernel(map),
    reduce: kernel(hostReduce(runtime)),
    matmul: kernel(matmul(runtime, stretchBy(map))),
    transpose: kernel(hostTranspose(runtime)),
    slice: kernel(hostSlice(runtime)),
    concat: kernel(hostConcat(runtime)),
    pad: kernel(hostPad(runtime)),
    gather: kernel(hostGather(runtime)),
    scatterAdd: kernel(hostScatterAdd(runtime)),
    iota: kernel(hostIota(runtime)),
    uniform: uniformKernel(runtime),
    ...compositeKernels(runtime),
  };
}
