// Gaussian dropout: every value is multiplied by a random number around 1 with the variance that dropout's would have.
import type { Expr, Layer } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { ActiveOptions } from './dropping.ts';
import { foreignRates, randomLayer } from './dropping.ts';
import { normalNumbers } from './normalNumbers.ts';

export interface GaussianDropoutOptions extends ActiveOptions {
  /** The rate of the dropout that it stands for, from 0 up to, not including, 1: default 0.5. */
  readonly rate?: number;
}

/**
 * x·(1 + √(rate/(1 − rate))·z) with normal z of mean 0 and variance 1, in training: mean and variance are those of `dropout({ rate })`.
 * Inference leaves x as it is.
 * Source: Srivastava et al., "Dropout" (2014), section 10; Wang and Manning, "Fast dropout training" (2013).
 *
 * @throws ConfigError for a rate outside [0, 1); at 1 the variance would be infinite
 */
export const gaussianDropout = defineFactory('gaussianDropout', createGaussianDropout, createGaussianDropout);

function createGaussianDropout(options: GaussianDropoutOptions = {}): Layer {
  const resolved = resolveOptions('gaussianDropout', options, defaults.gaussianDropout, foreignRates);
  const { rate } = resolved;
  checkNumber('gaussianDropout', 'rate', rate, { from: 0, below: 1 });
  const deviation = Math.sqrt(rate / (1 - rate));
  const changed = (value: Expr, noise: Expr): Expr => scalar.mul(value, scalar.add(1, scalar.mul(deviation, noise)));
  return randomLayer('gaussianDropout', resolved, {
    idle: rate === 0,
    drawn: (x, context) => elementwise(changed, x, normalNumbers(context, x.shape)),
  });
}
