// Learning-rate schedules: functions on the host from the step, counted from 1, to the rate of that step.
import type { ForeignNames, Options, Schedule } from '@nn/core';
import { checkInteger, checkNumber, defineFactory, resolveOptions } from '@nn/core';

/** A schedule that knows what it was made of, so that a run can be described. */
export interface NamedSchedule extends Schedule {
  readonly kind: string;
  readonly options: Options;
}

/** The same rate in every step. @throws ConfigError for a rate that is negative or not finite */
export const constantSchedule = defineFactory('constantSchedule', createConstant, ({ rate }) => createConstant(rate as number));

function createConstant(rate: number): NamedSchedule {
  checkNumber('constantSchedule', 'rate', rate, { from: 0 });
  return nameSchedule('constantSchedule', { rate }, () => rate);
}

export interface DecayOptions {
  /** The rate of step 1. */
  readonly initial: number;
  /** What the rate is multiplied by. */
  readonly factor: number;
  /** Over how many steps it is. */
  readonly every: number;
}

/**
 * Multiplies the rate by `factor` after every `every` steps: steps 1 … every have `initial`, the next ones initial · factor.
 * @throws ConfigError for a negative or non-finite number, or an `every` that is no whole number from 1
 */
export const stepDecay = defineFactory('stepDecay', createStepDecay, (options) =>
  createStepDecay(options as Readonly<Record<string, unknown>> & DecayOptions),
);

function createStepDecay(given: DecayOptions): NamedSchedule {
  const { initial, factor, every } = checkedDecay('stepDecay', given);
  return nameSchedule('stepDecay', { initial, factor, every }, (step) => initial * factor ** Math.floor((step - 1) / every));
}

/**
 * A rate that falls smoothly, by `factor` over `every` steps: initial · factor^((step − 1) / every).
 * @throws ConfigError as `stepDecay`
 */
export const exponentialDecay = defineFactory('exponentialDecay', createExponentialDecay, (options) =>
  createExponentialDecay(options as Readonly<Record<string, unknown>> & DecayOptions),
);

function createExponentialDecay(given: DecayOptions): NamedSchedule {
  const { initial, factor, every } = checkedDecay('exponentialDecay', given);
  return nameSchedule('exponentialDecay', { initial, factor, every }, (step) => initial * factor ** ((step - 1) / every));
}

export interface CosineDecayOptions {
  /** The rate of step 1. */
  readonly initial: number;
  /** After so many steps the rate is `final`. */
  readonly steps: number;
  /** Default 0. */
  readonly final?: number;
}

/**
 * Half a cosine from `initial` in step 1 down to `final` after `steps` steps, and `final` from then on.
 * Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), without restarts.
 *
 * @throws ConfigError for a negative or non-finite rate, or `steps` that are no whole number from 1
 */
export const cosineDecay = defineFactory('cosineDecay', createCosineDecay, (options) =>
  createCosineDecay(options as Readonly<Record<string, unknown>> & CosineDecayOptions),
);

function createCosineDecay(given: CosineDecayOptions): NamedSchedule {
  const { initial, steps, final = 0 } = knownOptions('cosineDecay', given, ['initial', 'steps', 'final']);
  checkNumber('cosineDecay', 'initial', initial, { from: 0 });
  checkNumber('cosineDecay', 'final', final, { from: 0 });
  checkInteger('cosineDecay', 'steps', steps, { from: 1 });
  return nameSchedule('cosineDecay', { initial, steps, final }, (step) => {
    const progress = Math.min(1, (step - 1) / steps);
    return final + (initial - final) * 0.5 * (1 + Math.cos(Math.PI * progress));
  });
}

/**
 * Rises linearly from `from` (0) over `steps` steps, then follows `then`, whose step 1 is the last step of the rise: step k ≤ steps has
 * from + (then(1) − from) · k / steps, so the first step already moves and the last one has the full rate.
 * `warmUp(500, cosineDecay({ initial: 0.1, steps: 10_000 }))`
 * Source: Goyal et al., "Accurate, large minibatch SGD" (2017), gradual warm-up.
 *
 * @throws ConfigError for `steps` that are no whole number from 1, or a `from` that is negative or not finite
 */
export const warmUp = defineFactory('warmUp', createWarmUp, ({ steps, next, from }) =>
  createWarmUp(steps as number, next as Schedule, { from: from as number }),
);

function createWarmUp(steps: number, then: number | Schedule, options: { readonly from?: number } = {}): NamedSchedule {
  const { from } = resolveOptions('warmUp', options, { from: 0 });
  checkInteger('warmUp', 'steps', steps, { from: 1 });
  checkNumber('warmUp', 'from', from, { from: 0 });
  const next = typeof then === 'function' ? then : createConstant(then);
  return nameSchedule('warmUp', { steps, next, from }, (step) =>
    step < steps ? from + (next(1) - from) * (step / steps) : next(step - steps + 1),
  );
}

function checkedDecay(owner: string, given: DecayOptions): DecayOptions {
  const { initial, factor, every } = knownOptions(owner, given, ['initial', 'factor', 'every']);
  checkNumber(owner, 'initial', initial, { from: 0 });
  checkNumber(owner, 'factor', factor, { from: 0 });
  checkInteger(owner, 'every', every, { from: 1 });
  return { initial, factor, every };
}

/** Options some of which have no default. @throws ConfigError for what is no object, and for names that are not among those */
export function knownOptions<Given extends object>(
  owner: string,
  given: Given,
  names: readonly (keyof Given & string)[],
  foreign: ForeignNames = {},
): Given {
  const none = Object.fromEntries(names.map((name) => [name, undefined]));
  resolveOptions<Readonly<Record<string, unknown>>>(owner, given, none, foreign);
  return given;
}

/** A schedule that knows what it was made of. */
export function nameSchedule(kind: string, options: Options, rate: Schedule): NamedSchedule {
  return Object.freeze(Object.assign((step: number) => rate(step), { kind, options: Object.freeze(options) }));
}
