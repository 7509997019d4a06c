// LSUV: every layer starts with outputs of variance 1, on real data.
import { ConfigError, checkInteger, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { KernelLayer } from './kernels.ts';
import { allKernels, kernelLayers, momentsOf, scaledBy } from './kernels.ts';
import type { Preparation, StartingModel } from './preparation.ts';

export interface LsuvOptions {
  /** Glob over the kernels that are scaled: default `'**\/kernel'`. */
  readonly match?: string;
  /** How far from 1 a variance may stay: default 0.01. The paper has 0.1. */
  readonly tolerance?: number;
  /** How often a kernel is scaled at most: default 10. Where the bias is 0 once is enough. */
  readonly iterations?: number;
}

/**
 * Layer-sequential unit variance: layer by layer from the input, the kernel is divided by the standard deviation that the layer's
 * output has for the first batch, until its variance is 1. The paper starts from orthogonal kernels: `dense(64, { kernelInitializer:
 * orthogonal() })`; other starts work as well.
 * Source: Mishkin and Matas, "All you need is a good init" (2015).
 *
 * @throws ConfigError for options out of range; in `fit`, for a glob that matches no kernel and for a layer that gives the same value
 * everywhere, which no factor changes; NumericError for outputs that are not finite
 */
export const lsuv = defineFactory('lsuv', createLsuv, createLsuv);

function createLsuv(options: LsuvOptions = {}): Preparation {
  const resolved = resolveOptions<Required<LsuvOptions>>('lsuv', options, { match: allKernels, tolerance: 0.01, iterations: 10 });
  const { match, tolerance, iterations } = resolved;
  checkNumber('lsuv', 'tolerance', tolerance, { above: 0 });
  checkInteger('lsuv', 'iterations', iterations, { from: 1 });
  return Object.freeze({
    kind: 'lsuv',
    options: Object.freeze(resolved),
    async prepare(start: StartingModel): Promise<void> {
      for (const layer of kernelLayers(start, 'lsuv', match)) {
        const reached = await scaleToUnitVariance(start, layer, resolved);
        if (Math.abs(reached - 1) > tolerance) {
          start.warn(`lsuv: the output of "${layer.path}" has the variance ${reached} after ${iterations} times; 1 was wanted.`);
        }
      }
    },
  });
}

/** Returns the variance that was reached. */
async function scaleToUnitVariance(
  start: StartingModel,
  { path, factor }: KernelLayer,
  { tolerance, iterations }: Required<LsuvOptions>,
): Promise<number> {
  for (let scaled = 0; ; scaled++) {
    const { variance } = momentsOf('lsuv', path, await start.output(path));
    if (Math.abs(variance - 1) <= tolerance || scaled === iterations) return variance;
    if (variance === 0) {
      throw new ConfigError(
        `lsuv: "${path}" gives the same value everywhere for the first batch, so no factor gives it variance 1. ` +
          'Is its kernel zero, or are all inputs equal?',
      );
    }
    start.write(factor, scaledBy(await start.read(factor), [1 / Math.sqrt(variance)]));
  }
}
