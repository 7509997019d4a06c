// Running statistics as a plain mean over all batches.
import { defineFactory, resolveOptions, scalar } from '@nn/core';
import type { Spread } from './averages.ts';
import { average, checkSpreadMemory } from './averages.ts';
import { defaults } from '../defaults.ts';
import type { RunningStatistics } from './runningStatistics.ts';
import { momentumHint } from './runningStatistics.ts';

export interface CumulativeOptions {
  /** What is averaged of the spread: the variance (default), or the standard deviation. */
  readonly spread?: Spread;
  /** Remember the unbiased variance: default true. */
  readonly unbiased?: boolean;
}

/**
 * The plain mean over all training batches, of the mean and of the spread; a buffer `count` holds the number of batches.
 * Source: lecture 002 (25 batches of 4 points, 25 means and spreads averaged); PyTorch's `momentum=None`.
 */
export const cumulative = defineFactory('cumulative', createCumulative, createCumulative);

function createCumulative(options: CumulativeOptions = {}): RunningStatistics {
  const resolved = resolveOptions('cumulative', options, defaults.cumulative, momentumHint);
  const { spread, unbiased } = resolved;
  checkSpreadMemory('cumulative', resolved);
  return average('cumulative', resolved, {
    spread,
    unbiased,
    counted: true,
    share: (_which, count) => scalar.div(1, count!),
    overAllBatches: () => createCumulative({ spread, unbiased }),
  });
}
