// The kernels in WebAssembly: one per primitive, and the composites that are worth one of their own.
import type { WasmKernelTable } from '../command.ts';
import { conv2dInputGradientKernel, conv2dKernel, conv2dKernelGradientKernel } from './convolution.ts';
import { gatherKernel, iotaKernel, scatterAddKernel, uniformKernel } from './indexing.ts';
import { mapKernel } from './map.ts';
import type { MapOptions } from './map.ts';
import { linearKernel, matmulKernel } from './matmul.ts';
import { concatKernel, padKernel, sliceKernel, transposeKernel } from './movement.ts';
import { normalizeGradientKernel, normalizeKernel } from './normalize.ts';
import { avgPool2dKernel, maxPool2dGradientKernel, maxPool2dKernel } from './pool2d.ts';
import type { ProductOptions } from './product.ts';
import { reduceKernel } from './reduce.ts';
import { logSoftmaxKernel, softmaxCrossEntropyGradientKernel, softmaxCrossEntropyKernel, softmaxKernel } from './softmax.ts';

/** What the kernels may use of the engine. */
export type KernelOptions = MapOptions & ProductOptions;

/** All kernels. Those of maps, which are made as programs need them, live as long as the table. */
export function wasmKernels(options: KernelOptions): WasmKernelTable {
  return {
    map: mapKernel(options),
    reduce: reduceKernel,
    matmul: matmulKernel(options),
    transpose: transposeKernel,
    slice: sliceKernel,
    concat: concatKernel,
    pad: padKernel,
    gather: gatherKernel,
    scatterAdd: scatterAddKernel,
    iota: iotaKernel,
    uniform: uniformKernel,
    linear: linearKernel(options),
    conv2d: conv2dKernel(options),
    conv2dInputGradient: conv2dInputGradientKernel(options),
    conv2dKernelGradient: conv2dKernelGradientKernel(options),
    maxPool2d: maxPool2dKernel,
    maxPool2dGradient: maxPool2dGradientKernel,
    avgPool2d: avgPool2dKernel,
    normalize: normalizeKernel,
    normalizeGradient: normalizeGradientKernel,
    softmax: softmaxKernel,
    logSoftmax: logSoftmaxKernel,
    softmaxCrossEntropy: softmaxCrossEntropyKernel,
    softmaxCrossEntropyGradient: softmaxCrossEntropyGradientKernel,
  };
}
