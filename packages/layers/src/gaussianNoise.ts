// Gaussian noise: every value moves a little in training, another way in every step.
import type { Context, Layer, Tensor } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { defaults } from './defaults.ts';
import type { ActiveOptions } from './dropping.ts';
import { checkActive, draws } from './dropping.ts';
import { normalNumbers } from './normalNumbers.ts';

export interface GaussianNoiseOptions extends ActiveOptions {
  /** Standard deviation of the noise, 0 or more: default 0.1. */
  readonly deviation?: number;
}

/**
 * x + deviation·z with normal z of mean 0 and variance 1, in training; inference leaves x as it is.
 * Source: Bishop, "Training with noise is equivalent to Tikhonov regularization" (1995); lecture 003 ("add random noise during train").
 *
 * @throws ConfigError for a deviation that is negative or not finite
 */
export const gaussianNoise = defineFactory('gaussianNoise', createGaussianNoise, createGaussianNoise);

function createGaussianNoise(options: GaussianNoiseOptions = {}): Layer {
  const resolved = resolveOptions('gaussianNoise', options, defaults.gaussianNoise, { stddev: 'Give deviation.', std: 'Give deviation.' });
  const { deviation, active } = resolved;
  checkNumber('gaussianNoise', 'deviation', deviation, { from: 0 });
  checkActive('gaussianNoise', active);
  return Object.freeze({
    kind: 'gaussianNoise',
    options: Object.freeze(resolved),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      if (deviation === 0 || !draws(context, resolved)) return x;
      return elementwise((value, noise) => scalar.add(value, scalar.mul(deviation, noise)), x, normalNumbers(context, x.shape));
    },
  });
}
