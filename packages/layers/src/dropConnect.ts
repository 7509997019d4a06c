// DropConnect: a random part of the weights is zero, another one in every step.
import type { Context, Layer, Tensor } from '@nn/core';
import { ConfigError, checkChoice, defineFactory } from '@nn/core';
import { defaults } from './defaults.ts';
import type { DropoutOptions } from './dropping.ts';
import { dropoutLayer } from './dropping.ts';
import type { KernelTransform } from './kernelTransform.ts';

export interface DropConnectOptions extends DropoutOptions {
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

function createDropConnect({ per = defaults.dropConnect.per, ...options }: DropConnectOptions = {}): KernelTransform {
  checkChoice('dropConnect', 'per', per, ['step', 'sample']);
  const dropped = dropoutLayer('dropConnect', options, { defaults: defaults.dropout, numbersFor: (shape) => shape });
  const layer = { ...dropped, options: Object.freeze({ ...dropped.options, per }) };
  if (per === 'step') return Object.freeze(layer);
  const drawing = ({ training }: Context): boolean => training || dropped.options['active'] === 'always';
  return Object.freeze({
    ...layer,
    perSample: (context: Context): Layer | undefined => (drawing(context) ? dropped : undefined),
    apply(kernel: Tensor, context: Context): Tensor {
      if (!drawing(context)) return dropped.apply(kernel, context);
      throw new ConfigError(
        "dropConnect: with per 'sample' it must be the kernelTransform of a dense layer or a convolution itself, not one of several.",
      );
    },
  });
}
