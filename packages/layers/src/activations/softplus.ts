// Softplus.
import { checkNumber, scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/**
 * log(1 + e^(`beta`·x)) / `beta`, by default with beta 1, without overflow at any x: so there is no threshold from which it would be x.
 * Source: Dugas et al., "Incorporating second-order functional knowledge for better option pricing" (2000).
 */
export const softplus = activation(
  'softplus',
  defaults.softplus,
  (x, { beta }) => scalar.div(scalar.softplus(scalar.mul(beta, x)), beta),
  ({ beta }) => checkNumber('softplus', 'beta', beta, { above: 0 }),
);
