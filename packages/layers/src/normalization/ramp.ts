// Bounds that grow during training.
import type { Expr } from '@nn/core';
import { ConfigError, checkNumber, scalar } from '@nn/core';

/** A bound that is `from` up to training step `begin`, `to` from step `end` on, and grows evenly between. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly begin: number;
  readonly end: number;
}

/** The bound at a training step, counted from 1; without one the bound of the start. */
export function rampAt(ramp: number | Ramp, step: Expr | undefined): Expr {
  if (typeof ramp === 'number' || step === undefined) return scalar.constant(typeof ramp === 'number' ? ramp : ramp.from);
  const { from, to, begin, end } = ramp;
  const done = scalar.div(scalar.sub(scalar.cast(step, 'f32'), begin), end - begin);
  return scalar.add(from, scalar.mul(to - from, scalar.min(scalar.max(done, 0), 1)));
}

/** @throws ConfigError unless it is a bound of at least `least`, or a ramp between such bounds */
export function checkRamp(owner: string, option: string, ramp: number | Ramp, least: number): void {
  if (typeof ramp !== 'object' || ramp === null) {
    checkNumber(owner, option, ramp, { from: least });
    return;
  }
  checkNumber(owner, `${option}.from`, ramp.from, { from: least });
  checkNumber(owner, `${option}.to`, ramp.to, { from: least });
  checkNumber(owner, `${option}.begin`, ramp.begin, { from: 0 });
  checkNumber(owner, `${option}.end`, ramp.end, { above: ramp.begin });
  const unknown = Object.keys(ramp).find((name) => !['from', 'to', 'begin', 'end'].includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`${owner}: ${option} has "${unknown}"; a ramp is { from, to, begin, end }.`, 'config.unknown');
}
