// Huber loss and smooth L1: squared near the target, absolute far from it. They differ by a factor.
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
  return elementwiseLoss('huber', options, (prediction, target) => robust(scalar.sub(prediction, target), delta));
}

export interface SmoothL1Options {
  /** Distance from the target at which the square becomes a line, from 0 (1); 0 gives the absolute error. */
  readonly beta?: number;
}

/**
 * d²/(2·beta) where |d| ≤ beta, else |d| − beta/2: Huber's loss divided by its delta, so that the slope far away is 1.
 * Source: Girshick, "Fast R-CNN" (2015), with beta 1.
 *
 * @throws ConfigError unless `beta` is a finite number from 0
 */
export const smoothL1 = defineFactory('smoothL1', createSmoothL1, createSmoothL1);

function createSmoothL1(given: SmoothL1Options = {}): Loss {
  const options = resolveOptions('smoothL1', given, { beta: 1 });
  const { beta } = options;
  checkNumber('smoothL1', 'beta', beta, { from: 0 });
  return elementwiseLoss('smoothL1', options, (prediction, target) => {
    const distance = scalar.sub(prediction, target);
    return beta === 0 ? scalar.abs(distance) : scalar.div(robust(distance, beta), beta);
  });
}

/** The square is chosen, not multiplied by 0, far away: there it may overflow. */
function robust(distance: Expr, delta: number): Expr {
  const size = scalar.abs(distance);
  const square = scalar.mul(0.5, scalar.mul(distance, distance));
  return scalar.select(scalar.lessEqual(size, delta), square, scalar.mul(delta, scalar.sub(size, 0.5 * delta)));
}
