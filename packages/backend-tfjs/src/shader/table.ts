// The kernels of devices that run shaders.
import type { KernelTable } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import { compositeKernels } from '../kernels/composites.ts';
import { deviceKernel } from '../kernels/kernel.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { matmul } from '../kernels/matmul.ts';
import { uniformKernel } from '../kernels/random.ts';
import { stretchBy } from '../kernels/stretch.ts';
import { shaderGather, shaderIota, shaderScatterAdd } from './indexing.ts';
import { shaderMap, shaderMapKernel } from './map.ts';
import { shaderConcat, shaderPad, shaderSlice, shaderTranspose } from './movement.ts';
import type { ShaderRuntime } from './program.ts';
import { shaderReduce } from './reduce.ts';

export function shaderKernels(runtime: ShaderRuntime): KernelTable<Cell> {
  const kernel = <A>(prepare: Prepare<A>) => deviceKernel(runtime, prepare);
  return {
    map: shaderMapKernel(runtime),
    reduce: kernel(shaderReduce(runtime)),
    matmul: kernel(matmul(runtime, stretchBy(shaderMap(runtime)))),
    transpose: kernel(shaderTranspose(runtime)),
    slice: kernel(shaderSlice(runtime)),
    concat: kernel(shaderConcat(runtime)),
    pad: kernel(shaderPad(runtime)),
    gather: kernel(shaderGather(runtime)),
    scatterAdd: kernel(shaderScatterAdd(runtime)),
    iota: kernel(shaderIota(runtime)),
    uniform: uniformKernel(runtime),
    ...compositeKernels(runtime),
  };
}
