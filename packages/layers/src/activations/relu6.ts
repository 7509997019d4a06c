// ReLU6.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** x between 0 and 6, else the nearer of both; the gradient at 0 and at 6 is 0. Source: Krizhevsky, "Convolutional deep belief networks on CIFAR-10" (2010). */
export const relu6 = activation('relu6', {}, (x) =>
  scalar.select(scalar.lessEqual(x, 0), 0, scalar.select(scalar.greaterEqual(x, 6), 6, x)),
);
