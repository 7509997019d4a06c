// Batch normalization: every channel to mean 0 and deviation 1 over the batch, then a learned scale and shift.
import { defineFactory, reshape, resolveOptions } from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors } from './affine.ts';
import type { ChannelNormalizer } from './channelNormalizer.ts';
import { channelNormalizer, checkChannelOptions } from './channelNormalizer.ts';
import { singleValueError } from './channels.ts';
import { defaults } from '../defaults.ts';
import { ema } from '../runningStatistics/ema.ts';
import type { EpsilonMode } from './epsilon.ts';
import { normalizeOver } from './epsilon.ts';
import type { RunningStatistics } from '../runningStatistics/runningStatistics.ts';
import { momentumHint } from '../runningStatistics/runningStatistics.ts';

export interface BatchNormOptions extends AffineOptions {
  /** What keeps the division finite, 0 or more: default 1e-5. */
  readonly epsilon?: number;
  /** Where ε stands: `inside` the root (default), `outside` it, or `none`. */
  readonly epsilonMode?: EpsilonMode;
  /** The axis of the channels, the one that is kept: default −1, the last. */
  readonly channelAxis?: number;
  /** What inference normalizes with: default `ema({ decay: 0.9 })`. */
  readonly runningStatistics?: RunningStatistics;
}

/**
 * Batch normalization of x [batch, …, channels], of any rank from 2 on.
 * In training y = γ (x − μ) / √(σ² + ε) + β with the mean μ and the biased variance σ² of each channel over all other axes;
 * for inference with what `runningStatistics` remembers. Variables: `gamma`, `beta` [channels], and the strategy's buffers,
 * `runningMean` and `runningVariance` [channels] by default. Where there is nothing to divide by (ε = 0 and no deviation) y = β.
 * Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2; lectures 000 to 004.
 *
 * @throws ConfigError for options out of range; ShapeError for an input of rank below 2, and when a training batch has a
 * single value per channel, whose deviation is 0 whatever it is
 */
export const batchNorm = defineFactory('batchNorm', createBatchNorm, createBatchNorm);

function createBatchNorm(options: BatchNormOptions = {}): ChannelNormalizer {
  const resolved = resolveOptions('batchNorm', options, { ...defaults.batchNorm, runningStatistics: ema() }, momentumHint);
  checkChannelOptions('batchNorm', resolved);
  return channelNormalizer('batchNorm', resolved, {
    per: 'batch',
    train(x, { axes, channels, count, stretching }, context) {
      if (count < 2) throw singleValueError('batchNorm', x, count, batchCure);
      const { y, mean, variance } = normalizeOver(x, affineTensors(resolved, context, stretching), axes, resolved);
      return { y, moments: { mean: reshape(mean, channels), variance: reshape(variance, channels), count } };
    },
    remembering: (runningStatistics) => createBatchNorm({ ...resolved, runningStatistics }),
  });
}

/** What to do about a batch of one. */
export const batchCure = 'Train on batches of 2 or more, or use layerNorm(), which needs no batch.';
