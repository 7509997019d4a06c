// Weighted averages of batch moments: the one mechanism behind the strategies that average.
import type { Context, Expr, Options, Shape, Tensor, VariableSpecs } from '@nn/core';
import { add, checkChoice, checkFlag, checkNumber, elementwise, mul, scalar, sqrt, square } from '@nn/core';
import { zeros } from '@nn/initializers';
import type { BatchMoments, ChannelMoments, RunningStatistics } from './runningStatistics.ts';
import { runningMoments } from './runningStatistics.ts';

/** Which measure of spread is remembered. */
export type Spread = 'variance' | 'deviation';

/** What is remembered of the spread of a batch. */
export interface SpreadMemory {
  readonly spread: Spread;
  /** Divided by the number of values less one. */
  readonly unbiased: boolean;
}

/** @throws ConfigError for a spread that is none, and a flag that is none */
export function checkSpreadMemory(owner: string, { spread, unbiased }: SpreadMemory): void {
  checkChoice(owner, 'spread', spread, ['variance', 'deviation']);
  checkFlag(owner, 'unbiased', unbiased);
}

/** Decays of their own for the mean and for the spread. */
export interface MomentDecay {
  readonly mean: number;
  readonly spread: number;
}

/** @throws ConfigError unless every decay is from 0 to 1 */
export function checkDecay(owner: string, decay: number | MomentDecay): void {
  const bounds = { from: 0, to: 1 };
  if (typeof decay !== 'object' || decay === null) {
    checkNumber(owner, 'decay', decay, bounds);
    return;
  }
  checkNumber(owner, 'decay.mean', decay.mean, bounds);
  checkNumber(owner, 'decay.spread', decay.spread, bounds);
}

/** One number is both. */
export function decaysOf(decay: number | MomentDecay): MomentDecay {
  return typeof decay === 'number' ? { mean: decay, spread: decay } : decay;
}

/** The buffers of a mean and a spread, with a count of batches if the strategy counts. */
export function averageVariables(
  channels: Shape,
  { spread, counted }: { readonly spread: Spread; readonly counted: boolean },
): VariableSpecs {
  const { runningMean, runningVariance } = runningMoments(channels);
  return {
    runningMean,
    ...(spread === 'variance' ? { runningVariance } : { runningDeviation: runningVariance }),
    ...(counted ? { count: { shape: [], dtype: 'i32', role: 'buffer', init: zeros() } as const } : {}),
  };
}

/** The name of the buffer that holds the spread. */
export function spreadName(spread: Spread): 'runningVariance' | 'runningDeviation' {
  return spread === 'variance' ? 'runningVariance' : 'runningDeviation';
}

/** The spread of a batch as it is remembered. */
export function rememberedSpread(batch: BatchMoments, { spread, unbiased }: SpreadMemory): Tensor {
  const remembered = unbiased ? unbiasedVariance(batch) : batch.variance;
  return spread === 'variance' ? remembered : sqrt(remembered);
}

/** The sum of squared deviations by the number of values less one. */
export function unbiasedVariance({ variance, count, unbiasedVariance: known }: BatchMoments): Tensor {
  return known ?? mul(variance, count / (count - 1));
}

/** A remembered spread as the variance that inference takes. */
export function varianceOf(remembered: Tensor, spread: Spread): Tensor {
  return spread === 'variance' ? remembered : square(remembered);
}

/** How a strategy averages. */
export interface Averaging extends SpreadMemory {
  /** Keep the number of batches in a buffer. */
  readonly counted: boolean;
  /** The weight of the latest batch; the old value has the rest. `count` is its number as f32, from 1 on, if it is counted. */
  share(which: keyof MomentDecay, count: Expr | undefined): Expr | number;
  overAllBatches(): RunningStatistics;
}

/** The strategy `running = (1 − share) · running + share · batch`. */
export function average(kind: string, options: Options, averaging: Averaging): RunningStatistics {
  const { spread, counted } = averaging;
  return Object.freeze({
    kind,
    options: Object.freeze(options),
    variables: (channels: Shape) => averageVariables(channels, averaging),
    update(batch: BatchMoments, context: Context): void {
      const count = counted ? [add(context.get('count'), 1)] : [];
      for (const number of count) context.set('count', number);
      const remember = (name: string, which: keyof MomentDecay, latest: Tensor): void => {
        const weighted = elementwise(
          // Weighted, not by a difference: with a share of 1 the batch replaces the start exactly.
          (old: Expr, value: Expr, ...number: Expr[]) => {
            const share = averaging.share(which, number[0] === undefined ? undefined : scalar.cast(number[0], 'f32'));
            return scalar.add(scalar.mul(old, scalar.sub(1, share)), scalar.mul(value, share));
          },
          context.get(name),
          latest,
          ...count,
        );
        context.set(name, weighted);
      };
      remember('runningMean', 'mean', batch.mean);
      remember(spreadName(spread), 'spread', rememberedSpread(batch, averaging));
    },
    read: (context: Context): ChannelMoments => ({
      mean: context.get('runningMean'),
      variance: varianceOf(context.get(spreadName(spread)), spread),
    }),
    overAllBatches: () => averaging.overAllBatches(),
  });
}
