// The kernels in plain JavaScript: one per primitive, and the composites that are worth one of their own.
import type { KernelTable, TypedArray } from '@nn/core';
import type { Workspace } from '../loops/workspace.ts';
import { gatherKernel, iotaKernel, scatterAddKernel, uniformKernel } from './indexing.ts';
import { mapKernel } from './map.ts';
import { concatKernel, padKernel, sliceKernel, transposeKernel } from './movement.ts';
import { normalizeGradientKernel, normalizeKernel } from './normalize.ts';
import { linearKernel, matmulKernel } from './products.ts';
import { reduceKernel } from './reduce.ts';
import { logSoftmaxKernel, softmaxCrossEntropyGradientKernel, softmaxCrossEntropyKernel, softmaxKernel } from './softmax.ts';

/** All kernels; they share one workspace, because one runs at a time. */
export function javascriptKernels(workspace: Workspace): KernelTable<TypedArray> {
  return {
    map: mapKernel,
    reduce: reduceKernel(workspace),
    matmul: matmulKernel(workspace),
    transpose: transposeKernel,
    slice: sliceKernel,
    concat: concatKernel,
    pad: padKernel,
    gather: gatherKernel,
    scatterAdd: scatterAddKernel,
    iota: iotaKernel,
    uniform: uniformKernel,
    linear: linearKernel(workspace),
    normalize: normalizeKernel(workspace),
    normalizeGradient: normalizeGradientKernel(workspace),
    softmax: softmaxKernel,
    logSoftmax: logSoftmaxKernel,
    softmaxCrossEntropy: softmaxCrossEntropyKernel,
    softmaxCrossEntropyGradient: softmaxCrossEntropyGradientKernel,
  };
}
