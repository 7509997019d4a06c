// Running statistics as exponential moving averages.
import type { Expr } from '@nn/core';
import { ConfigError, checkChoice, checkFlag, defineFactory, resolveOptions, scalar } from '@nn/core';
import type { MomentDecay, Spread } from './averages.ts';
import { average, checkDecay, checkSpreadMemory, decaysOf } from './averages.ts';
import { cumulative } from './cumulative.ts';
import { defaults } from '../defaults.ts';
import type { RunningStatistics } from './runningStatistics.ts';
import { momentumHint } from './runningStatistics.ts';

export interface EmaOptions {
  /**
   * Weight of the old value, from 0 to 1; one for both or one each: `{ mean: 0.9, spread: 0.99 }`.
   * PyTorch's `momentum: 0.1` is `decay: 0.9`; Keras' `momentum: 0.99` is `decay: 0.99`.
   */
  readonly decay?: number | MomentDecay;
  /** What is averaged of the spread: the variance (default), or the standard deviation. */
  readonly spread?: Spread;
  /** Remember the unbiased variance, n/(n − 1) times the biased one: default true, as PyTorch; Keras and ONNX keep the biased one. */
  readonly unbiased?: boolean;
  /** Take the share of the starting values out, by 1/(1 − decayᵗ): default false. A buffer `count` holds the number t of batches. */
  readonly debias?: boolean;
  /** What the average begins with: mean 0 and spread 1 (`standard`, the default), or the first batch. */
  readonly start?: 'standard' | 'firstBatch';
}

/**
 * Exponential moving averages: `running = decay · running + (1 − decay) · batch`, of the mean and of the spread.
 * Buffers: `runningMean`, and `runningVariance` or `runningDeviation`; `count` with `debias` or `start: 'firstBatch'`.
 * Source: lectures 000 and 001; Ioffe and Szegedy, "Batch Normalization" (2015), with the unbiased variance.
 *
 * @throws ConfigError for a decay outside [0, 1], and for `debias` where there is no starting value to take out
 */
export const ema = defineFactory('ema', createEma, createEma);

function createEma(options: EmaOptions = {}): RunningStatistics {
  const resolved = resolveOptions('ema', options, defaults.ema, momentumHint);
  const { decay, spread, unbiased, debias, start } = resolved;
  checkDecay('ema', decay);
  checkSpreadMemory('ema', resolved);
  checkFlag('ema', 'debias', debias);
  checkChoice('ema', 'start', start, ['standard', 'firstBatch']);
  const decays = decaysOf(decay);
  if (debias && start === 'firstBatch') {
    throw new ConfigError('ema: with start "firstBatch" there is no starting value that debias could take out. Choose one of them.');
  }
  if (debias && Math.max(decays.mean, decays.spread) === 1) {
    throw new ConfigError('ema: debias with decay 1 is the plain mean over all batches: use cumulative().');
  }
  return average('ema', resolved, {
    spread,
    unbiased,
    counted: debias || start === 'firstBatch',
    share: (which, count) => shareOf(decays[which], { debias, count }),
    overAllBatches: () => cumulative({ spread, unbiased }),
  });
}

/** The weight of batch number `count` in the average after it; the starting values have what is left. */
function shareOf(decay: number, { debias, count }: { readonly debias: boolean; readonly count: Expr | undefined }): Expr | number {
  if (count === undefined) return 1 - decay;
  // With weights (1 − decay) decayᵏ that are divided by their sum 1 − decayᵗ. Decay 0 has no logarithm: the batch is all there is.
  if (debias) return decay === 0 ? 1 : scalar.div(1 - decay, scalar.neg(scalar.expm1(scalar.mul(count, Math.log(decay)))));
  return scalar.select(scalar.equal(count, 1), 1, 1 - decay);
}
