// What batch normalization remembers of its training batches for inference, as a strategy: the contract of such strategies.
import type { Context, Options, Shape, Tensor, VariableSpec, VariableSpecs } from '@nn/core';
import { expectMethod } from '@nn/core';
import { ones, zeros } from '@nn/initializers';

/** Mean and variance per channel, f32 [channels] each. */
export interface ChannelMoments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The moments of one training batch, with the biased variance (the mean squared deviation). */
export interface BatchMoments extends ChannelMoments {
  /** Values per channel that the moments were taken over, 2 or more. */
  readonly count: number;
  /** The unbiased variance, where it is not variance · count / (count − 1): moments averaged over parts of a batch that differ in size. */
  readonly unbiasedVariance?: Tensor;
}

/**
 * How batchNorm remembers: a record that anyone can write.
 *
 * ```ts
 * const lastBatch: RunningStatistics = {
 *   kind: 'lastBatch', options: {},
 *   variables: (channels) => runningMoments(channels),
 *   update: (batch, context) => { context.set('runningMean', batch.mean); context.set('runningVariance', batch.variance); },
 *   read: (context) => ({ mean: context.get('runningMean'), variance: context.get('runningVariance') }),
 * };
 * ```
 */
export interface RunningStatistics {
  readonly kind: string;
  readonly options: Options;
  /** The buffers it keeps, for a channel shape [channels]. */
  variables(channels: Shape): VariableSpecs;
  /** Called once per training batch: sets the buffers. */
  update(batch: BatchMoments, context: Context): void;
  /** What inference normalizes with. */
  read(context: Context): ChannelMoments;
  /** A strategy with these buffers that weighs all batches alike: what `recalibrate` fills them with. */
  readonly overAllBatches?: () => RunningStatistics;
}

/** The buffers `runningMean`, from 0, and `runningVariance`, from 1. */
export function runningMoments(channels: Shape): { readonly runningMean: VariableSpec; readonly runningVariance: VariableSpec } {
  return {
    runningMean: { shape: channels, dtype: 'f32', role: 'buffer', init: zeros() },
    runningVariance: { shape: channels, dtype: 'f32', role: 'buffer', init: ones() },
  };
}

/** What to say to those who look for `momentum`. */
export const momentumHint = {
  momentum: "Give ema({ decay }): the weight of the old value, which is 1 minus PyTorch's momentum and equal to Keras'.",
};

/** @throws ConfigError unless `value` is a strategy */
export function checkRunningStatistics(owner: string, value: RunningStatistics): void {
  expectMethod(value, 'update', `${owner}: runningStatistics`, 'a strategy, such as ema({ decay: 0.99 })');
}
