// Log-softmax: scores to log-probabilities.
import { checkInteger, logSoftmax as logSoftmaxOf } from '@nn/core';
import { defaults } from '../defaults.ts';
import { dual } from './dual.ts';

/**
 * x − log Σ eˣ along `axis` (default −1, the last), without overflow: the logarithm of softmax, for `negativeLogLikelihood`.
 * Not before `softmaxCrossEntropy`, which takes logits.
 */
export const logSoftmax = dual<{ readonly axis: number }>('logSoftmax', {
  defaults: defaults.logSoftmax,
  check: ({ axis }) => checkInteger('logSoftmax', 'axis', axis),
  record: (x, { axis }) => logSoftmaxOf(x, axis),
});
