// Softmax: scores to probabilities.
import { checkInteger, softmax as softmaxOf } from '@nn/core';
import { defaults } from '../defaults.ts';
import { dual } from './dual.ts';

/**
 * eˣ / Σ eˣ along `axis` (default −1, the last), without overflow. Not before `softmaxCrossEntropy`, which takes logits.
 * Source: Bridle (1990).
 */
export const softmax = dual<{ readonly axis: number }>('softmax', {
  defaults: defaults.softmax,
  check: ({ axis }) => checkInteger('softmax', 'axis', axis),
  record: (x, { axis }) => softmaxOf(x, axis),
});
