// DropConnect: a random part of the weights is zero, another one in every step.
import type { Context, Layer, Tensor } from '@nn/core';
import { ConfigError, checkChoice, defineFactory, resolveOptions } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { DroppingOptions } from './dropping.ts';
import { draws, dropoutLayer, foreignRates } from './dropping.ts';
import type { KernelTransform } from '../dense/kernelTransform.ts';

export interface DropConnectOptions extends DroppingOptions {
  /** What has a mask of its own: every step (default), or every sample of it, which takes a kernel for each sample in memory. */
  readonly per?: 'step' | 'sample';
}

/**
 * DropConnect of a kernel, as `dense(10, { kernelTransform: dropConnect({ rate: 0.5 }) })`: θ* = θ ⊙ P with P of θ's shape, one mask for
 * all samples of a step, or one for each with `per: 'sample'`, as in the paper. Only weights that are kept get a gradient. The other
 * options and the masks are those of dropout: inverted scaling by default.
 * Source: Wan et al., "Regularization of neural networks using DropConnect" (2013); lecture 001.
 *
 * @throws ConfigError for options out of range; where it draws, for masks per sample of one among several transforms
 */
export const dropConnect = defineFactory('dropConnect', createDropConnect, createDropConnect);

function createDropConnect(options: DropConnectOptions = {}): KernelTransform {
  const resolved = resolveOptions('dropConnect', options, defaults.dropConnect, foreignRates);
  const { per } = resolved;
  checkChoice('dropConnect', 'per', per, ['step', 'sample']);
  const dropped = dropoutLayer('dropConnect', resolved);
  if (per === 'step') return dropped;
  return Object.freeze({
    ...dropped,
    perSample: (context: Context): Layer | undefined => (draws(context, resolved) ? dropped : undefined),
    apply(kernel: Tensor, context: Context): Tensor {
      if (!draws(context, resolved)) return dropped.apply(kernel, context);
      throw new ConfigError(
        "dropConnect: with per 'sample' it must be the kernelTransform of a dense layer or a convolution itself, not one of several.",
      );
    },
  });
}
