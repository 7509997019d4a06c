// Ghost batch normalization: batch normalization over small parts of a large batch.
import type { Context, Tensor } from '@nn/core';
import { add, checkInteger, concat, defineFactory, mul, reshape, resolveOptions, sizeOf, slice, sum } from '@nn/core';
import { affineTensors } from './affine.ts';
import type { BatchNormOptions } from './batchNorm.ts';
import type { ChannelNormalizer, ChannelOptions } from './channelNormalizer.ts';
import { channelNormalizer, checkChannelOptions } from './channelNormalizer.ts';
import type { ChannelLayout } from './channels.ts';
import { singleValueError } from './channels.ts';
import { defaults } from '../defaults.ts';
import { ema } from '../runningStatistics/ema.ts';
import { normalizeOver } from './epsilon.ts';
import type { BatchMoments, ChannelMoments } from '../runningStatistics/runningStatistics.ts';
import { unbiasedVariance } from '../runningStatistics/averages.ts';
import { momentumHint } from '../runningStatistics/runningStatistics.ts';

export interface GhostBatchNormOptions extends BatchNormOptions {
  /** Rows of a ghost batch, 1 or more: default 32. A remainder joins the last ghost batch. */
  readonly ghostBatchSize?: number;
}

/**
 * Ghost batch normalization of x [batch, …, channels]: in training, rows are taken `ghostBatchSize` at a time, in order, and each of
 * these ghost batches is normalized on its own. A batch no larger than a ghost batch is batch normalization. What is remembered is the
 * mean over the ghost batches of their means and variances, each unbiased by its own size; inference and variables are those of batchNorm.
 * Source: Hoffer, Hubara and Soudry, "Train longer, generalize better" (2017).
 *
 * @throws ConfigError for options out of range; ShapeError for a rank below 2, and when a ghost batch has a single value per channel
 */
export const ghostBatchNorm = defineFactory('ghostBatchNorm', createGhostBatchNorm, createGhostBatchNorm);

function createGhostBatchNorm(options: GhostBatchNormOptions = {}): ChannelNormalizer {
  const resolved = resolveOptions('ghostBatchNorm', options, { ...defaults.ghostBatchNorm, runningStatistics: ema() }, momentumHint);
  const { ghostBatchSize } = resolved;
  checkInteger('ghostBatchNorm', 'ghostBatchSize', ghostBatchSize, { from: 1 });
  checkChannelOptions('ghostBatchNorm', resolved);
  return channelNormalizer('ghostBatchNorm', resolved, {
    per: 'batch',
    train(x, layout, context) {
      const [rows] = x.shape as [number];
      const ghosts = Math.max(1, Math.floor(rows / ghostBatchSize));
      const size = ghosts === 1 ? rows : ghostBatchSize;
      const count = rows === 0 ? 0 : (layout.count / rows) * size;
      if (count < 2) throw singleValueError('ghostBatchNorm', x, count, ghostCure);
      // Ghost batches of one size are one call; the last one is on its own when a remainder makes it larger.
      const equal = rows % size === 0 ? ghosts : ghosts - 1;
      const first = normalizedGhosts(slice(x, origin(x), [equal * size, ...x.shape.slice(1)]), equal, layout, context, resolved);
      if (equal === ghosts) return { y: first.y, moments: momentsOf([first], count) };
      const last = normalizedGhosts(slice(x, [equal * size, ...origin(x).slice(1)]), 1, layout, context, resolved);
      return { y: concat([first.y, last.y], 0), moments: momentsOf([first, last], count) };
    },
    remembering: (runningStatistics) => createGhostBatchNorm({ ...resolved, runningStatistics }),
  });
}

const ghostCure = 'Make ghostBatchSize 2 or more and train on batches of 2 or more, or use layerNorm(), which needs no batch.';

const origin = (x: Tensor): number[] => x.shape.map(() => 0);

/** What came of ghost batches of one size, with the sums of their moments, [channels] each. */
interface Ghosts {
  readonly y: Tensor;
  readonly ghosts: number;
  readonly sums: ChannelMoments;
  /** Values per channel of each. */
  readonly count: number;
}

/** Rows in so many ghost batches of one size, each normalized on its own. */
function normalizedGhosts(x: Tensor, ghosts: number, layout: ChannelLayout, context: Context, options: ChannelOptions): Ghosts {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const split = reshape(x, [ghosts, rows / ghosts, ...rest]);
  const axes = layout.axes.map((axis) => axis + 1);
  const affine = affineTensors(options, context, [1, ...layout.stretching]);
  const { y, mean, variance } = normalizeOver(split, affine, axes, options);
  const total = (statistic: Tensor): Tensor => reshape(sum(statistic, 0), layout.channels);
  const count = sizeOf(axes.map((axis) => split.shape[axis]!));
  return { y: reshape(y, x.shape), ghosts, sums: { mean: total(mean), variance: total(variance) }, count };
}

/** The means over all ghost batches. Where these differ in size, so does what makes their variances unbiased. */
function momentsOf(parts: readonly Ghosts[], count: number): BatchMoments {
  const all = parts.reduce((total, { ghosts }) => total + ghosts, 0);
  const over = (ofPart: (part: Ghosts) => Tensor): Tensor =>
    mul(
      parts.map(ofPart).reduce((total, part) => add(total, part)),
      1 / all,
    );
  const moments = { mean: over(({ sums }) => sums.mean), variance: over(({ sums }) => sums.variance), count };
  if (parts.every((part) => part.count === count)) return moments;
  return { ...moments, unbiasedVariance: over((part) => unbiasedVariance({ ...part.sums, count: part.count })) };
}
