// Numbers of an optimizer that may change from step to step, beside the learning rate: a momentum.
import type { NumberRange, Operand, Schedule, StepScalars } from '@nn/core';
import { TraceError, checkNumber } from '@nn/core';

/**
 * The schedules among some options of an optimizer; what they give is checked when they are asked.
 * @throws ConfigError for a number outside `range`
 */
export function schedulesAmong(
  owner: string,
  options: Readonly<Record<string, number | Schedule>>,
  range: NumberRange,
): { readonly schedules?: Readonly<Record<string, Schedule>> } {
  const schedules: Record<string, Schedule> = {};
  for (const [option, value] of Object.entries(options)) {
    if (typeof value === 'function') schedules[option] = (step) => checkNumber(owner, `${option} of step ${step}`, value(step), range);
    else checkNumber(owner, option, value, range);
  }
  return Object.keys(schedules).length === 0 ? {} : { schedules: Object.freeze(schedules) };
}

/** An option in a step: the number that it is, or what its schedule gave. @throws TraceError where that was not passed on */
export function inStep(option: string, value: number | Schedule, { scheduled }: StepScalars): Operand {
  if (typeof value === 'number') return value;
  const given = scheduled?.[option];
  if (given === undefined)
    throw new TraceError(`The schedule of ${option} has no value in this step; update() gets it in context.scheduled.`);
  return given;
}
