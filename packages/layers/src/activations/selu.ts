// SELU.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/**
 * λ·elu(x, α) with λ = 1.0507… and α = 1.6732…, for which mean 0 and variance 1 are a fixed point; the gradient at 0 is λα.
 * Belongs with `lecunNormal()` kernels. Source: lecture 004; Klambauer et al., "Self-Normalizing Neural Networks" (2017).
 */
export const selu = activation('selu', {}, scalar.selu);
