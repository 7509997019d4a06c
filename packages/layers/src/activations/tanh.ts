// The hyperbolic tangent.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** tanh x. Source: lecture 002 (with Xavier initialization). */
export const tanh = activation('tanh', {}, scalar.tanh);
