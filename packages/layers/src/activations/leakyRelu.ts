// Leaky ReLU.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/** x where x > 0, else `slope`·x, by default 0.01·x; the gradient at 0 is `slope`. Source: lecture 000; Maas, Hannun and Ng (2013). */
export const leakyRelu = activation('leakyRelu', defaults.leakyRelu, (x, { slope }) => scalar.leakyRelu(x, slope));
