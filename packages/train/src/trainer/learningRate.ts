// The learning rate of a step, and what else the optimizer has a schedule for.
import type { Optimizer, Schedule } from '@nn/core';
import { checkNumber } from '@nn/core';

/** @param step counted from 1 @throws ConfigError when a schedule gives a rate that is negative or not finite */
export function learningRateAt(rate: number | Schedule, step: number): number {
  return typeof rate === 'function' ? checkNumber('The schedule', `learning rate of step ${step}`, rate(step), { from: 0 }) : rate;
}

/** What the optimizer's other schedules give. @param step counted from 1 @throws ConfigError when that is out of range */
export function scheduledAt({ schedules = {} }: Optimizer, step: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(schedules).map(([name, schedule]) => [name, schedule(step)]));
}
