// The proximal step of L1 and elastic net: towards 0, and no further.
import type { Tensor } from '@nn/core';
import { elementwise, scalar } from '@nn/core';

/**
 * sign(w) · max(|w| − rate · l1, 0) / (1 + 2 · rate · l2): the minimum over u of rate · (l1‖u‖₁ + l2‖u‖²) + ½‖u − w‖².
 * NaN stays NaN, and a zero keeps its sign.
 */
export function softThreshold(parameter: Tensor, learningRate: Tensor, { l1, l2 }: { readonly l1: number; readonly l2: number }): Tensor {
  return elementwise(
    (w, rate) => {
      const pull = scalar.mul(rate, l1);
      const pulled = scalar.select(scalar.greater(w, 0), scalar.sub(w, pull), scalar.add(w, pull));
      const within = scalar.and(scalar.lessEqual(scalar.abs(w), pull), scalar.notEqual(w, 0));
      const shrunk = scalar.select(scalar.equal(w, 0), w, scalar.select(within, 0, pulled));
      return l2 === 0 ? shrunk : scalar.div(shrunk, scalar.add(1, scalar.mul(rate, 2 * l2)));
    },
    parameter,
    learningRate,
  );
}
