// Huber loss: squared near the target, absolute far from it.
import type { Expr, Loss } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions, scalar } from '@nn/core';
import { elementwiseLoss } from './regression.ts';

export interface HuberOptions {
  /** Distance from the target at which the square becomes a line, above 0 (1). */
  readonly delta?: number;
}

/**
 * d²/2 where |d| ≤ delta, else delta · (|d| − delta/2), with d = prediction − target; averaged over everything but the batch.
 * Prediction and target are f32 of one shape [batch, …]; no axis stretches.
 * Source: Huber, "Robust estimation of a location parameter" (1964).
 *
 * @throws ConfigError unless `delta` is a finite number above 0
 */
export const huber = defineFactory('huber', createHuber, createHuber);

function createHuber(given: HuberOptions = {}): Loss {
  const options = resolveOptions('huber', given, { delta: 1 });
  const { delta } = options;
  checkNumber('huber', 'delta', delta, { above: 0 });
  return elementwiseLoss('huber', options, (prediction, target) => huberOf(scalar.sub(prediction, target), delta));
}

/** The loss at one distance. The square is chosen, not multiplied by 0, far away: there it may overflow. */
export function huberOf(distance: Expr, delta: number): Expr {
  const size = scalar.abs(distance);
  const square = scalar.mul(0.5, scalar.mul(distance, distance));
  return scalar.select(scalar.lessEqual(size, delta), square, scalar.mul(delta, scalar.sub(size, 0.5 * delta)));
}
