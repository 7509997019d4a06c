// The logarithm of the logistic function.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** log(1 / (1 + e⁻ˣ)) = −softplus(−x), without overflow at any x: the log-probability of a yes. */
export const logSigmoid = activation('logSigmoid', {}, (x) => scalar.neg(scalar.softplus(scalar.neg(x))));
