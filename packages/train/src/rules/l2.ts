// L2 regularization.
import type { Regularizer } from '@nn/core';
import { ConfigError, square, sum } from '@nn/core';

/**
 * λ‖W‖², with the gradient 2λW: there is no ½. Source: lecture 003. Decoupled weight decay is a thing of the optimizer (`adamW`).
 * @throws ConfigError unless `lambda` is a finite number from 0
 */
export function l2(lambda: number): Regularizer {
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    throw new ConfigError(`l2: lambda is ${String(lambda)}; it must be a finite number from 0.`);
  return Object.freeze<Regularizer>({ kind: 'l2', options: { lambda }, penalty: (parameter) => sum(square(parameter)).mul(lambda) });
}
