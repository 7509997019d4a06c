// SiLU, also called swish.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/** x·sigmoid(`beta`·x), by default with beta 1. Sources: Elfwing, Uchibe and Doya (2017); Ramachandran, Zoph and Le, "Searching for activation functions" (2017). */
export const silu = activation('silu', defaults.silu, (x, { beta }) => scalar.mul(x, scalar.sigmoid(scalar.mul(beta, x))));
