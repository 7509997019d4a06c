// The learning rate of a step.
import type { Schedule } from '@nn/core';
import { checkNumber } from '@nn/core';

/** @param step counted from 1 @throws ConfigError when a schedule gives a rate that is negative or not finite */
export function learningRateAt(rate: number | Schedule, step: number): number {
  return typeof rate === 'function' ? checkNumber('The schedule', `learning rate of step ${step}`, rate(step), { from: 0 }) : rate;
}
