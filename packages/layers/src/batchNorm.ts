// Batch normalization: every channel to mean 0 and deviation 1 over the batch, then a learned scale and shift.
import type { Context, Normalizer, Shape, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import {
  ConfigError,
  ShapeError,
  checkInteger,
  checkNumber,
  defineFactory,
  elementwise,
  normalize,
  normalizeAxis,
  reshape,
  resolveOptions,
  scalar,
  sizeOf,
  specText,
} from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables, checkAffine } from './affine.ts';
import { defaults } from './defaults.ts';
import type { RunningStatistics } from './runningStatistics.ts';
import { checkRunningStatistics, ema, momentumHint } from './runningStatistics.ts';

export interface BatchNormOptions extends AffineOptions {
  /** Added to the variance inside the root, 0 or more: default 1e-5. */
  readonly epsilon?: number;
  /** The axis of the channels, the one that is kept: default −1, the last. */
  readonly channelAxis?: number;
  /** What inference normalizes with: default `ema({ decay: 0.9 })`. */
  readonly runningStatistics?: RunningStatistics;
}

/**
 * Batch normalization of x [batch, …, channels], of any rank from 2 on.
 * In training y = γ (x − μ) / √(σ² + ε) + β with the mean μ and the biased variance σ² of each channel over all other axes;
 * for inference with what `runningStatistics` remembers. Variables: `gamma`, `beta` [channels], and the strategy's buffers,
 * `runningMean` and `runningVariance` [channels] by default. With ε = 0, a channel without deviation gives y = β.
 * Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2; lectures 000 to 004.
 *
 * @throws ConfigError for options out of range; ShapeError for an input of rank below 2, and when a training batch has a
 * single value per channel, whose deviation is 0 whatever it is
 */
export const batchNorm = defineFactory('batchNorm', createBatchNorm, createBatchNorm);

function createBatchNorm(options: BatchNormOptions = {}): Normalizer {
  const resolved = resolveOptions('batchNorm', options, { ...defaults.batchNorm, runningStatistics: ema() }, momentumHint);
  const { epsilon, channelAxis, runningStatistics } = resolved;
  checkNumber('batchNorm', 'epsilon', epsilon, { from: 0 });
  checkInteger('batchNorm', 'channelAxis', channelAxis);
  checkAffine('batchNorm', resolved);
  checkRunningStatistics('batchNorm', runningStatistics);

  function train(x: Tensor, layout: ChannelLayout, context: Context): Tensor {
    if (layout.count < 2) throw singleValueError(x, layout);
    const { gamma, beta } = affineTensors(resolved, context, layout.stretching);
    const { y, mean, variance } = normalize(x, gamma, beta, { axes: layout.axes, epsilon });
    const perChannel = (statistic: Tensor): Tensor => reshape(statistic, layout.channels);
    runningStatistics.update({ mean: perChannel(mean), variance: perChannel(variance), count: layout.count }, context);
    return y;
  }

  function infer(x: Tensor, layout: ChannelLayout, context: Context): Tensor {
    const { gamma, beta } = affineTensors(resolved, context, layout.stretching);
    const { mean, variance } = runningStatistics.read(context);
    const scale = elementwise(
      (v, g) => {
        const spread = scalar.add(v, epsilon);
        return scalar.select(scalar.equal(spread, 0), 0, scalar.mul(g, scalar.reciprocalSqrt(spread)));
      },
      reshape(variance, layout.stretching),
      gamma,
    );
    // The difference first: x · scale + shift would cancel where the mean is large against the deviation.
    return elementwise(
      (value, m, s, b) => scalar.add(scalar.mul(scalar.sub(value, m), s), b),
      x,
      reshape(mean, layout.stretching),
      scale,
      beta,
    );
  }

  return Object.freeze({
    kind: 'batchNorm',
    target: 'activation',
    options: Object.freeze(resolved),
    variables(input: TensorSpec): VariableSpecs {
      const { channels } = channelLayout(input, channelAxis);
      return { ...affineVariables(resolved, channels), ...runningStatistics.variables(channels) };
    },
    apply(x: Tensor, context: Context): Tensor {
      const layout = channelLayout(x, channelAxis);
      return context.training ? train(x, layout, context) : infer(x, layout, context);
    },
  });
}

interface ChannelLayout {
  /** [channels] */
  readonly channels: Shape;
  /** The channels as a shape of x's rank: [1, …, channels]. */
  readonly stretching: Shape;
  /** The axes that are reduced. */
  readonly axes: readonly number[];
  /** Values per channel. */
  readonly count: number;
}

function channelLayout(x: TensorSpec, channelAxis: number): ChannelLayout {
  const { shape } = x;
  if (shape.length < 2) {
    throw new ShapeError(
      `batchNorm takes [batch, …, channels], but x is ${specText(x)}. ` +
        (shape.length === 1 ? 'If these are values of one channel, reshape them to [batch, 1].' : 'A single number has no channels.'),
    );
  }
  const channel = normalizeAxis(channelAxis, shape.length, 'batchNorm: channelAxis');
  if (channel === 0) {
    throw new ConfigError(
      `batchNorm: channelAxis ${channelAxis} is the batch axis of x ${specText(x)}. Channels are usually last: channelAxis -1.`,
    );
  }
  const axes = shape.flatMap((_, axis) => (axis === channel ? [] : [axis]));
  return {
    channels: [shape[channel]!],
    stretching: shape.map((extent, axis) => (axis === channel ? extent : 1)),
    axes,
    count: sizeOf(axes.map((axis) => shape[axis]!)),
  };
}

function singleValueError(x: TensorSpec, { count }: ChannelLayout): ShapeError {
  const values = count === 0 ? 'no value' : 'a single value, whose deviation is 0 whatever it is';
  return new ShapeError(
    `batchNorm cannot train on x ${specText(x)}: each channel has ${values}. Train on batches of 2 or more, or use layerNorm(), which needs no batch.`,
    'shape.invalid',
  );
}
