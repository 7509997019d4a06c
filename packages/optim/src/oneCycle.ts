// The one-cycle schedules: up to a high rate and down to almost none, once over the whole training, and the momentum the other way.
import type { Options } from '@nn/core';
import { checkChoice, checkInteger, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { NamedSchedule } from './schedules.ts';
import { knownOptions, nameSchedule } from './schedules.ts';

export interface OneCycleOptions {
  /** The highest rate. */
  readonly peak: number;
  /** Steps of the whole training: epochs · batches of an epoch. From then on the rate is `final`. */
  readonly steps: number;
  /** Part of the steps in which the rate rises, between 0 and 1 (0.3). */
  readonly rise?: number;
  /** The rate of step 1 (peak / 25). */
  readonly initial?: number;
  /** The rate of the last step (initial / 10,000). */
  readonly final?: number;
  /** Along half a cosine or a line (`'cosine'`). */
  readonly shape?: 'cosine' | 'linear';
}

/**
 * Rises from `initial` in step 1 to `peak` in step rise · steps, and falls to `final` in step `steps`. `oneCycleMomentum` goes with it.
 * Source: Smith, Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2018); the defaults and the
 * two phases are PyTorch's.
 *
 * @throws ConfigError for a negative or non-finite rate, `steps` that are no whole number from 2, or a rise outside (0, 1)
 */
export const oneCycle = defineFactory('oneCycle', createOneCycle, (options) =>
  createOneCycle(options as Readonly<Record<string, unknown>> & OneCycleOptions),
);

function createOneCycle(given: OneCycleOptions): NamedSchedule {
  const names = { maxLr: 'Give peak.', totalSteps: 'Give steps.' };
  const {
    peak,
    steps,
    initial = peak / 25,
  } = knownOptions('oneCycle', given, ['peak', 'steps', 'rise', 'initial', 'final', 'shape'], names);
  const defaults = { peak, steps, rise: 0.3, initial, final: initial / 1e4, shape: 'cosine' } as const;
  const options = resolveOptions<Required<OneCycleOptions>>('oneCycle', given, defaults);
  for (const rate of ['peak', 'initial', 'final'] as const) checkNumber('oneCycle', rate, options[rate], { from: 0 });
  return cycle('oneCycle', options, [options.initial, peak, options.final]);
}

export interface OneCycleMomentumOptions {
  /** Steps of the whole training, as `oneCycle` has them. */
  readonly steps: number;
  /** The momentum where the rate is lowest (0.95). */
  readonly high?: number;
  /** The momentum where the rate is highest (0.85). */
  readonly low?: number;
  /** Part of the steps in which the rate rises, between 0 and 1 (0.3). */
  readonly rise?: number;
  /** Along half a cosine or a line (`'cosine'`). */
  readonly shape?: 'cosine' | 'linear';
}

/**
 * The momentum of `oneCycle`: falls from `high` to `low` while the rate rises, and rises to `high` again while the rate falls.
 * `sgd({ learningRate: oneCycle({ peak, steps }), momentum: oneCycleMomentum({ steps }) })`; for Adam it is `beta1`.
 * Source: as `oneCycle`; the defaults are PyTorch's.
 *
 * @throws ConfigError for a momentum outside [0, 1), `steps` that are no whole number from 2, or a rise outside (0, 1)
 */
export const oneCycleMomentum = defineFactory('oneCycleMomentum', createOneCycleMomentum, (options) =>
  createOneCycleMomentum(options as Readonly<Record<string, unknown>> & OneCycleMomentumOptions),
);

function createOneCycleMomentum(given: OneCycleMomentumOptions): NamedSchedule {
  const names = { maxMomentum: 'Give high.', baseMomentum: 'Give low.', totalSteps: 'Give steps.' };
  const { steps } = knownOptions('oneCycleMomentum', given, ['steps', 'high', 'low', 'rise', 'shape'], names);
  const defaults = { steps, high: 0.95, low: 0.85, rise: 0.3, shape: 'cosine' } as const;
  const options = resolveOptions<Required<OneCycleMomentumOptions>>('oneCycleMomentum', given, defaults);
  const { high, low } = options;
  for (const momentum of ['high', 'low'] as const) checkNumber('oneCycleMomentum', momentum, options[momentum], { from: 0, below: 1 });
  return cycle('oneCycleMomentum', options, [high, low, high]);
}

type Cycle = Required<Pick<OneCycleOptions, 'steps' | 'rise' | 'shape'>>;

/** From the first number to the second while the rate rises, and on to the third. */
function cycle(kind: string, options: Cycle & Options, [first, turn, last]: readonly [number, number, number]): NamedSchedule {
  const { steps, rise, shape } = options;
  checkInteger(kind, 'steps', steps, { from: 2 });
  checkNumber(kind, 'rise', rise, { above: 0, below: 1 });
  checkChoice(kind, 'shape', shape, ['cosine', 'linear']);
  // The step of the turn need not be whole; with few steps it may lie before the first.
  const top = Math.max(1, rise * steps);
  const between = shape === 'cosine' ? cosine : line;
  return nameSchedule(kind, options, (step) => {
    if (step >= steps) return last;
    return step <= top && top > 1 ? between(first, turn, (step - 1) / (top - 1)) : between(turn, last, (step - top) / (steps - top));
  });
}

type Between = (from: number, to: number, progress: number) => number;

const line: Between = (from, to, progress) => from + (to - from) * progress;
const cosine: Between = (from, to, progress) => to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * progress));
