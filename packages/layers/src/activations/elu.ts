// ELU.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/** x where x > 0, else `alpha`·(eˣ − 1), by default with alpha 1; the gradient at 0 is `alpha`. Source: lecture 000; Clevert et al. (2015). */
export const elu = activation('elu', defaults.elu, (x, { alpha }) => scalar.elu(x, alpha));
