// The one-cycle schedule: up to a high rate and down to almost none, once over the whole training.
import { checkChoice, checkInteger, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { NamedSchedule } from './schedules.ts';
import { nameSchedule } from './schedules.ts';

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
 * Rises from `initial` in step 1 to `peak` in step rise · steps, and falls to `final` in step `steps`.
 * Source: Smith, Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2018); the defaults and the
 * two phases are PyTorch's. The momentum stays as it is.
 *
 * @throws ConfigError for a negative or non-finite rate, `steps` that are no whole number from 2, or a rise outside (0, 1)
 */
export const oneCycle = defineFactory('oneCycle', createOneCycle, (options) =>
  createOneCycle(options as Readonly<Record<string, unknown>> & OneCycleOptions),
);

function createOneCycle(given: OneCycleOptions): NamedSchedule {
  const { peak, initial = peak / 25 } = given;
  const options = resolveOptions<Required<OneCycleOptions>>(
    'oneCycle',
    given,
    { peak, steps: given.steps, rise: 0.3, initial, final: initial / 1e4, shape: 'cosine' },
    { maxLr: 'Give peak.', totalSteps: 'Give steps.' },
  );
  const { steps, rise, final, shape } = options;
  for (const rate of ['peak', 'initial', 'final'] as const) checkNumber('oneCycle', rate, options[rate], { from: 0 });
  checkInteger('oneCycle', 'steps', steps, { from: 2 });
  checkNumber('oneCycle', 'rise', rise, { above: 0, below: 1 });
  checkChoice('oneCycle', 'shape', shape, ['cosine', 'linear']);
  // The step of the peak need not be whole; with few steps it may lie before the first.
  const top = Math.max(1, rise * steps);
  const between = shape === 'cosine' ? cosine : line;
  return nameSchedule('oneCycle', options, (step) => {
    if (step >= steps) return final;
    return step <= top && top > 1 ? between(initial, peak, (step - 1) / (top - 1)) : between(peak, final, (step - top) / (steps - top));
  });
}

type Between = (from: number, to: number, progress: number) => number;

const line: Between = (from, to, progress) => from + (to - from) * progress;
const cosine: Between = (from, to, progress) => to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * progress));
