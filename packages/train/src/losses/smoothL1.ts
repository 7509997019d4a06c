// Smooth L1: Huber's loss with the slope 1 far from the target.
import type { Loss } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions, scalar } from '@nn/core';
import { huberOf } from './huber.ts';
import { elementwiseLoss } from './regression.ts';

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
    return beta === 0 ? scalar.abs(distance) : scalar.div(huberOf(distance, beta), beta);
  });
}
