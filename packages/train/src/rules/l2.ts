// L2 regularization.
import type { Regularizer } from '@nn/core';
import { checkNumber, defineFactory, square, sum } from '@nn/core';

/**
 * λ‖W‖², with the gradient 2λW: there is no ½. Source: lecture 003. Decoupled weight decay is a thing of the optimizer (`adamW`).
 * @throws ConfigError unless `lambda` is a finite number from 0
 */
export const l2 = defineFactory('l2', createL2, ({ lambda }) => createL2(lambda as number));

function createL2(lambda: number): Regularizer {
  checkNumber('l2', 'lambda', lambda, { from: 0 });
  return Object.freeze<Regularizer>({
    kind: 'l2',
    options: Object.freeze({ lambda }),
    penalty: (parameter) => sum(square(parameter)).mul(lambda),
  });
}
