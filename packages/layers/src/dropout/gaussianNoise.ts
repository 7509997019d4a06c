// Gaussian noise: every value moves a little in training, another way in every step.
import type { Expr, Layer } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { ActiveOptions } from './dropping.ts';
import { randomLayer } from './dropping.ts';
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
  const { deviation } = resolved;
  checkNumber('gaussianNoise', 'deviation', deviation, { from: 0 });
  const changed = (value: Expr, noise: Expr): Expr => scalar.add(value, scalar.mul(deviation, noise));
  return randomLayer('gaussianNoise', resolved, {
    idle: deviation === 0,
    drawn: (x, context) => elementwise(changed, x, normalNumbers(context, x.shape)),
  });
}
