// Weight decay coupled into the gradient.
import type { Tensor } from '@nn/core';
import { elementwise, scalar } from '@nn/core';

/** g + weightDecay · w: the gradient of the loss plus weightDecay/2 · ‖w‖². */
export function withWeightDecay(gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor {
  if (weightDecay === 0) return gradient;
  return elementwise((g, w) => scalar.add(g, scalar.mul(weightDecay, w)), gradient, parameter);
}
