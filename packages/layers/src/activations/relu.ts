// ReLU.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** max(x, 0); NaN stays NaN, and the gradient at 0 is 0. Source: lecture 000; Nair and Hinton (2010). */
export const relu = activation('relu', {}, scalar.relu);
