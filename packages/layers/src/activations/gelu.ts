// GELU, exact and as the approximation that came with it.
import { checkChoice, elementwise, scalar } from '@nn/core';
import { defaults } from '../defaults.ts';
import { dual } from './dual.ts';

/** `'none'` is x·Φ(x) with the normal distribution function Φ; `'tanh'` replaces Φ(x) by (1 + tanh(√(2/π)·(x + 0.044715·x³)))/2. */
export type GeluApproximation = 'none' | 'tanh';

const forms = { none: scalar.gelu, tanh: scalar.geluTanh };

/**
 * x·Φ(x), with Φ the normal distribution function; `gelu({ approximate: 'tanh' })` is the approximation that early transformers were
 * trained with, up to 5e-4 off. Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016).
 */
export const gelu = dual<{ readonly approximate: GeluApproximation }>('gelu', {
  defaults: defaults.gelu,
  check: ({ approximate }) => checkChoice('gelu', 'approximate', approximate, Object.keys(forms)),
  record: (x, { approximate }) => elementwise(forms[approximate], x),
});
