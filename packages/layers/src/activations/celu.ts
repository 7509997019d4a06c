// CELU.
import { checkNumber, scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/** x where x > 0, else `alpha`·(e^(x/alpha) − 1), by default with alpha 1: ELU with the gradient 1 at 0 whatever alpha is. Source: Barron (2017). */
export const celu = activation(
  'celu',
  defaults.celu,
  (x, { alpha }) => scalar.select(scalar.greater(x, 0), x, scalar.mul(alpha, scalar.expm1(scalar.div(x, alpha)))),
  ({ alpha }) => checkNumber('celu', 'alpha', alpha, { above: 0 }),
);
