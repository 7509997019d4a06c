// The logistic function.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** 1 / (1 + e⁻ˣ), without overflow at any x. Source: lecture 004. */
export const sigmoid = activation('sigmoid', {}, scalar.sigmoid);
