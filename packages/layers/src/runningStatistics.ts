// What batch normalization remembers of its training batches for inference, as a strategy: moving averages or a plain mean.
import type { Context, Options, Shape, Tensor, VariableSpec, VariableSpecs } from '@nn/core';
import { add, checkFlag, checkNumber, defineFactory, elementwise, mul, resolveOptions, scalar } from '@nn/core';
import { ones, zeros } from '@nn/initializers';
import { defaults } from './defaults.ts';
import { checkRecord } from './records.ts';

/** Mean and variance per channel, f32 [channels] each. */
export interface ChannelMoments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The moments of one training batch, with the biased variance (the mean squared deviation). */
export interface BatchMoments extends ChannelMoments {
  /** Values per channel that the moments were taken over, 2 or more. */
  readonly count: number;
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
}

/** The buffers `runningMean`, from 0, and `runningVariance`, from 1. */
export function runningMoments(channels: Shape): { readonly runningMean: VariableSpec; readonly runningVariance: VariableSpec } {
  return {
    runningMean: { shape: channels, dtype: 'f32', role: 'buffer', init: zeros() },
    runningVariance: { shape: channels, dtype: 'f32', role: 'buffer', init: ones() },
  };
}

export interface EmaOptions {
  /** Weight of the old value, from 0 to 1. PyTorch's `momentum: 0.1` is `decay: 0.9`; Keras' `momentum: 0.99` is `decay: 0.99`. */
  readonly decay?: number;
  /** Remember the unbiased variance, n/(n − 1) times the biased one: default true, as PyTorch; Keras and ONNX keep the biased one. */
  readonly unbiased?: boolean;
}

/**
 * Exponential moving averages: `running = decay · running + (1 − decay) · batch`, of the mean and of the variance.
 * Source: lectures 000 and 001; Ioffe and Szegedy, "Batch Normalization" (2015), with the unbiased variance.
 *
 * @throws ConfigError for a decay outside [0, 1]
 */
export const ema = defineFactory('ema', createEma, createEma);

function createEma(options: EmaOptions = {}): RunningStatistics {
  const resolved = resolveOptions('ema', options, defaults.ema, momentumHint);
  const { decay, unbiased } = resolved;
  checkNumber('ema', 'decay', decay, { from: 0, to: 1 });
  checkFlag('ema', 'unbiased', unbiased);
  const average = (running: Tensor, batch: Tensor): Tensor => add(mul(running, decay), mul(batch, 1 - decay));
  return Object.freeze({
    kind: 'ema',
    options: Object.freeze(resolved),
    variables: runningMoments,
    update(batch: BatchMoments, context: Context): void {
      context.set('runningMean', average(context.get('runningMean'), batch.mean));
      context.set('runningVariance', average(context.get('runningVariance'), rememberedVariance(batch, unbiased)));
    },
    read: readMoments,
  });
}

export interface CumulativeOptions {
  /** Remember the unbiased variance: default true. */
  readonly unbiased?: boolean;
}

/**
 * The plain mean over all training batches, of the mean and of the variance; a buffer `count` holds the number of batches.
 * Source: lecture 002 (25 batches of 4 points, 25 means and spreads averaged); PyTorch's `momentum=None`.
 */
export const cumulative = defineFactory('cumulative', createCumulative, createCumulative);

function createCumulative(options: CumulativeOptions = {}): RunningStatistics {
  const resolved = resolveOptions('cumulative', options, defaults.cumulative, momentumHint);
  checkFlag('cumulative', 'unbiased', resolved.unbiased);
  return Object.freeze({
    kind: 'cumulative',
    options: Object.freeze(resolved),
    variables: (channels: Shape) => ({
      ...runningMoments(channels),
      count: { shape: [], dtype: 'i32', role: 'buffer', init: zeros() } as const,
    }),
    update(batch: BatchMoments, context: Context): void {
      const count = add(context.get('count'), 1);
      const mean = (running: Tensor, value: Tensor): Tensor => runningMean(running, value, count);
      context.set('count', count);
      context.set('runningMean', mean(context.get('runningMean'), batch.mean));
      context.set('runningVariance', mean(context.get('runningVariance'), rememberedVariance(batch, resolved.unbiased)));
    },
    read: readMoments,
  });
}

/** What to say to those who look for `momentum`. */
export const momentumHint = {
  momentum: "Give ema({ decay }): the weight of the old value, which is 1 minus PyTorch's momentum and equal to Keras'.",
};

/** @throws ConfigError unless `value` is a strategy */
export function checkRunningStatistics(owner: string, value: RunningStatistics): void {
  checkRecord(owner, 'runningStatistics', value, 'update', 'a strategy, such as ema({ decay: 0.99 })');
}

/** The mean of `count` values, from the mean of those before. Weighted, not by a difference: the first value replaces the start exactly. */
function runningMean(before: Tensor, value: Tensor, count: Tensor): Tensor {
  return elementwise(
    (old, latest, n) => {
      const share = scalar.div(1, scalar.cast(n, 'f32'));
      return scalar.add(scalar.mul(old, scalar.sub(1, share)), scalar.mul(latest, share));
    },
    before,
    value,
    count,
  );
}

function rememberedVariance({ variance, count }: BatchMoments, unbiased: boolean): Tensor {
  return unbiased ? mul(variance, count / (count - 1)) : variance;
}

function readMoments(context: Context): ChannelMoments {
  return { mean: context.get('runningMean'), variance: context.get('runningVariance') };
}
