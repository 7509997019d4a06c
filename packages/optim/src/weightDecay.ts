// Weight decay coupled into the gradient.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';

/** g + weightDecay · w: the gradient of the loss plus weightDecay/2 · ‖w‖². */
export function withWeightDecay(gradient: Expr, parameter: Expr, weightDecay: number): Expr {
  return weightDecay === 0 ? gradient : scalar.add(gradient, scalar.mul(weightDecay, parameter));
}
