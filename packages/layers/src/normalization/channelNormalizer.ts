// What normalizations of channels share: they train with moments of what they see, remember them, and infer with what they remember.
import type { AnyLayer, Context, Normalizer, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import { checkInteger, elementwise, reshape, scalar } from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables, checkAffine } from './affine.ts';
import type { ChannelLayout } from './channels.ts';
import { channelLayout } from './channels.ts';
import type { Epsilon } from './epsilon.ts';
import { checkEpsilon, reciprocalSpread } from './epsilon.ts';
import type { BatchMoments, RunningStatistics } from '../runningStatistics/runningStatistics.ts';
import { checkRunningStatistics } from '../runningStatistics/runningStatistics.ts';

/** What inference makes of a channel: (x − mean) · scale + shift, f32 [channels] each. */
export interface ChannelMap {
  readonly mean: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** A normalization whose inference is a fixed map of each channel, made of what training left behind. */
export interface ChannelNormalizer extends Normalizer {
  /** The map, inside a trace. */
  readonly channelMap: (context: Context) => ChannelMap;
  readonly channelAxis: number;
  readonly runningStatistics: RunningStatistics;
  /** Whether training subtracts the mean of each channel, and with it whatever was added to the channel before. */
  readonly subtractsAnyBias: boolean;
  /** The same layer with another way to remember. */
  readonly remembering: (runningStatistics: RunningStatistics) => ChannelNormalizer;
}

/** Whether a layer is one; `instanceNorm` is when it remembers. */
export function isChannelNormalizer(layer: AnyLayer): layer is ChannelNormalizer {
  return 'channelMap' in layer && 'remembering' in layer;
}

/** Options that all of them have, with their defaults filled in. */
export interface ChannelOptions extends Required<AffineOptions>, Epsilon {
  readonly channelAxis: number;
  readonly runningStatistics: RunningStatistics;
}

/** How one kind of them trains. */
export interface ChannelTraining {
  /** What has moments of its own in training; for `sample`, x has axes between batch and channels. */
  readonly per: 'batch' | 'sample';
  /** See {@link ChannelNormalizer.subtractsAnyBias}: default true. */
  readonly subtractsAnyBias?: boolean;
  /** Variables beside gamma, beta and those of the running statistics. */
  readonly variables?: VariableSpecs;
  /** Records training on x, and the moments to remember, [channels] each. */
  train(x: Tensor, layout: ChannelLayout, context: Context): { readonly y: Tensor; readonly moments: BatchMoments };
  remembering(runningStatistics: RunningStatistics): ChannelNormalizer;
}

/** @throws ConfigError for options out of range */
export function checkChannelOptions(kind: string, options: Omit<ChannelOptions, 'runningStatistics'>): void {
  checkEpsilon(kind, options);
  checkInteger(kind, 'channelAxis', options.channelAxis);
  checkAffine(kind, options);
}

/**
 * The layer. Its variables are gamma and beta [channels], those of the running statistics, and what its training asks for.
 * @throws ConfigError for running statistics that are none
 */
export function channelNormalizer(kind: string, options: ChannelOptions, training: ChannelTraining): ChannelNormalizer {
  const { channelAxis, runningStatistics } = options;
  checkRunningStatistics(kind, runningStatistics);

  function channelMap(context: Context): ChannelMap {
    const { mean, variance } = runningStatistics.read(context);
    const { gamma, beta } = affineTensors(options, context, mean.shape);
    const scale = elementwise((v, g) => scalar.mul(g, reciprocalSpread(v, options)), variance, gamma);
    return { mean, scale, shift: beta };
  }

  function infer(x: Tensor, { stretching }: ChannelLayout, context: Context): Tensor {
    const { mean, scale, shift } = channelMap(context);
    const stretched = (perChannel: Tensor): Tensor => reshape(perChannel, perChannel.shape[0] === 1 ? stretching.map(() => 1) : stretching);
    // The difference first: x · scale + shift would cancel where the mean is large against the deviation.
    return elementwise(
      (value, m, s, b) => scalar.add(scalar.mul(scalar.sub(value, m), s), b),
      x,
      stretched(mean),
      stretched(scale),
      stretched(shift),
    );
  }

  return Object.freeze({
    kind,
    target: 'activation',
    options: Object.freeze({ ...options }),
    channelAxis,
    runningStatistics,
    subtractsAnyBias: training.subtractsAnyBias ?? true,
    channelMap,
    remembering: (other: RunningStatistics) => training.remembering(other),
    variables(input: TensorSpec): VariableSpecs {
      const { channels } = channelLayout(kind, input, channelAxis, training.per);
      return { ...affineVariables(options, channels), ...runningStatistics.variables(channels), ...training.variables };
    },
    apply(x: Tensor, context: Context): Tensor {
      const layout = channelLayout(kind, x, channelAxis, training.per);
      if (!context.training) return infer(x, layout, context);
      const { y, moments } = training.train(x, layout, context);
      runningStatistics.update(moments, context);
      return y;
    },
  });
}
