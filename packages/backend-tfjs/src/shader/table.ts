// The kernels of devices that run shaders.
import type { KernelTable } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import { deviceKernel } from '../kernels/kernel.ts';
import { linear } from '../kernels/linear.ts';
import { kernelTable } from '../kernels/table.ts';
import { shaderGather, shaderIota, shaderScatterAdd } from './indexing.ts';
import { shaderMap, shaderMapKernel } from './map.ts';
import { shaderConcat, shaderPad, shaderSlice, shaderTranspose } from './movement.ts';
import { bySize, shaderLinear, shaderMatmul } from './product.ts';
import { shaderReduce } from './reduce.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';

export function shaderKernels(runtime: ShaderRuntime): KernelTable<Cell> {
  const shaders = kernelTable(runtime, {
    map: shaderMap(runtime),
    reduce: shaderReduce(runtime),
    transpose: shaderTranspose(runtime),
    slice: shaderSlice(runtime),
    concat: shaderConcat(runtime),
    pad: shaderPad(runtime),
    gather: shaderGather(runtime),
    scatterAdd: shaderScatterAdd(runtime),
    iota: shaderIota(runtime),
  });
  return {
    ...shaders,
    map: shaderMapKernel(runtime),
    matmul: bySize(deviceKernel(runtime, shaderMatmul(runtime)), shaders.matmul),
    linear: bySize(deviceKernel(runtime, shaderLinear(runtime)), deviceKernel(runtime, linear)),
  };
}
