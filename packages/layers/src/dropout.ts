// Dropout: a random part of the activations is zero, another one in every step.
import type { Context, Layer, Tensor } from '@nn/core';
import { checkChoice, checkNumber, defineFactory, elementwise, mul, resolveOptions, scalar } from '@nn/core';
import { defaults } from './defaults.ts';

export interface DropoutOptions {
  /** The probability that a value is dropped, from 0 to 1: default 0.5. The lectures' p is the probability to keep, 1 − rate. */
  readonly rate?: number;
  /** Where the expected value is kept: kept values times 1/(1 − rate) in training (default), or all values times 1 − rate in inference. */
  readonly scaling?: 'train' | 'inference';
  /** `'always'` drops in inference as well, for Monte-Carlo estimates: default `'training'`. */
  readonly active?: 'training' | 'always';
}

/**
 * Dropout of x of any shape. Values are selected, not multiplied by a mask, so that a dropped infinity is 0 and not NaN;
 * `rate: 1` gives zeros. The mask depends on seed, layer path, call and step only: the same bits on every backend.
 * Source: Srivastava et al., "Dropout" (2014); lectures 001 and 003 (both scalings).
 *
 * @throws ConfigError for a rate outside [0, 1]
 */
export const dropout = defineFactory('dropout', createDropout, createDropout);

function createDropout(options: DropoutOptions = {}): Layer {
  const resolved = resolveOptions('dropout', options, defaults.dropout, {
    p: 'Give rate, the probability to drop.',
    keepProb: 'Give rate, the probability to drop: 1 − keepProb.',
  });
  const { rate, scaling, active } = resolved;
  checkNumber('dropout', 'rate', rate, { from: 0, to: 1 });
  checkChoice('dropout', 'scaling', scaling, ['train', 'inference']);
  checkChoice('dropout', 'active', active, ['training', 'always']);
  const keptScale = scaling === 'train' && rate < 1 ? 1 / (1 - rate) : 1;
  // Uniform numbers are multiples of 2⁻²⁴; with the bound among them, float32 and float64 backends drop the same values.
  const bound = Math.round(rate * 2 ** 24) / 2 ** 24;
  return Object.freeze({
    kind: 'dropout',
    options: Object.freeze(resolved),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      if (rate === 0) return x;
      if (!context.training && active === 'training') return scaling === 'inference' ? mul(x, 1 - rate) : x;
      return elementwise(
        (value, uniform) => scalar.select(scalar.less(uniform, bound), 0, scalar.mul(value, keptScale)),
        x,
        context.uniform(x.shape),
      );
    },
  });
}
