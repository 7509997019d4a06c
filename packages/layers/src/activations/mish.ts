// Mish.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** x·tanh(softplus(x)). Source: Misra, "Mish: a self regularized non-monotonic activation function" (2019). */
export const mish = activation('mish', {}, (x) => scalar.mul(x, scalar.tanh(scalar.softplus(x))));
