// @nn/layers/lectures: ways to remember that lectures 000 and 001 write down and that inference suffers from. For experiments.
import type { Context, Expr, Shape, Tensor, VariableSpecs } from '@nn/core';
import { add, checkFlag, defineFactory, elementwise, mul, resolveOptions, scalar } from '@nn/core';
import { zeros } from '@nn/initializers';
import type { MomentDecay, Spread } from './runningStatistics/averages.ts';
import {
  average,
  averageVariables,
  checkDecay,
  checkSpreadMemory,
  decaysOf,
  rememberedSpread,
  spreadName,
  varianceOf,
} from './runningStatistics/averages.ts';
import { cumulative } from './runningStatistics/cumulative.ts';
import type { BatchMoments, ChannelMoments, RunningStatistics } from './runningStatistics/runningStatistics.ts';
import { momentumHint } from './runningStatistics/runningStatistics.ts';

export interface UnnormalizedSumOptions {
  /** Weight of the old value, from 0 to 1: β for the mean and λ for the spread, 0.9 for both by default. */
  readonly decay?: number | MomentDecay;
  /** What is summed of the spread: the standard deviation (default, as the lectures), or the variance. */
  readonly spread?: Spread;
  /** Sum the unbiased variance: default false. */
  readonly unbiased?: boolean;
  /** Divide by the sum of the weights, (1 − decayᵗ) / (1 − decay), which heals it: default false. */
  readonly debias?: boolean;
}

/**
 * μ* = β μ* + E_B(z) and σ* = λ σ* + σ_B, without the factors 1 − β and 1 − λ: μ* goes to μ / (1 − β), ten times the mean at β = 0.9, so
 * inference is wrong unless `debias` divides it out. Buffers: `runningMean`, `runningDeviation` or `runningVariance`, and `count`.
 * Source: lectures 000 and 001.
 *
 * @throws ConfigError for a decay outside [0, 1]
 */
export const unnormalizedSum = defineFactory('unnormalizedSum', createUnnormalizedSum, createUnnormalizedSum);

const sumDefaults: Required<UnnormalizedSumOptions> = { decay: 0.9, spread: 'deviation', unbiased: false, debias: false };

function createUnnormalizedSum(options: UnnormalizedSumOptions = {}): RunningStatistics {
  const resolved = resolveOptions('unnormalizedSum', options, sumDefaults, momentumHint);
  const { decay, spread, debias } = resolved;
  checkDecay('unnormalizedSum', decay);
  checkSpreadMemory('unnormalizedSum', resolved);
  checkFlag('unnormalizedSum', 'debias', debias);
  const decays = decaysOf(decay);

  function readable(context: Context, name: string, which: keyof MomentDecay): Tensor {
    // Before the first batch there is no sum: mean 0 and spread 1 stand for it.
    const start = which === 'mean' ? 0 : 1;
    return elementwise(
      (sum, count) => {
        const weights = debias ? weightsOf(decays[which], scalar.cast(count, 'f32')) : 1;
        return scalar.select(scalar.equal(count, 0), start, scalar.div(sum, weights));
      },
      context.get(name),
      context.get('count'),
    );
  }

  return Object.freeze({
    kind: 'unnormalizedSum',
    options: Object.freeze(resolved),
    variables(channels: Shape): VariableSpecs {
      const specs = averageVariables(channels, { spread, counted: true });
      return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec, init: zeros() }]));
    },
    update(batch: BatchMoments, context: Context): void {
      const sum = (name: string, which: keyof MomentDecay, latest: Tensor): void =>
        context.set(name, add(mul(context.get(name), decays[which]), latest));
      sum('runningMean', 'mean', batch.mean);
      sum(spreadName(spread), 'spread', rememberedSpread(batch, resolved));
      context.set('count', add(context.get('count'), 1));
    },
    read: (context: Context): ChannelMoments => ({
      mean: readable(context, 'runningMean', 'mean'),
      variance: varianceOf(readable(context, spreadName(spread), 'spread'), spread),
    }),
  });
}

/** Σ decayᵏ over `count` batches. */
function weightsOf(decay: number, count: Expr): Expr | number {
  if (decay === 1) return count;
  return decay === 0 ? 1 : scalar.div(scalar.neg(scalar.expm1(scalar.mul(count, Math.log(decay)))), 1 - decay);
}

export interface LastBatchOptions {
  /** What is kept of the spread: the variance (default), or the standard deviation. */
  readonly spread?: Spread;
  /** Keep the unbiased variance: default true. */
  readonly unbiased?: boolean;
}

/**
 * μ* = E_B(z), σ* = σ_B: only the last batch is remembered, so inference is as noisy as one batch. Buffers: `runningMean`, and
 * `runningVariance` or `runningDeviation`. Source: lecture 001.
 */
export const lastBatch = defineFactory('lastBatch', createLastBatch, createLastBatch);

const lastDefaults: Required<LastBatchOptions> = { spread: 'variance', unbiased: true };

function createLastBatch(options: LastBatchOptions = {}): RunningStatistics {
  const resolved = resolveOptions('lastBatch', options, lastDefaults, momentumHint);
  const { spread, unbiased } = resolved;
  checkSpreadMemory('lastBatch', resolved);
  return average('lastBatch', resolved, {
    spread,
    unbiased,
    counted: false,
    share: () => 1,
    overAllBatches: () => cumulative({ spread, unbiased }),
  });
}
