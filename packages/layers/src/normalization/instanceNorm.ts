// Instance normalization: every channel of every sample to mean 0 and deviation 1, then a learned scale and shift.
import type { Context, Normalizer, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import { defineFactory, mean as meanOver, reshape, resolveOptions } from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables } from './affine.ts';
import { channelNormalizer, checkChannelOptions } from './channelNormalizer.ts';
import type { ChannelLayout } from './channels.ts';
import { channelLayout, singleValueError } from './channels.ts';
import { defaults } from '../defaults.ts';
import type { EpsilonMode } from './epsilon.ts';
import { normalizeOver } from './epsilon.ts';
import type { RunningStatistics } from '../runningStatistics/runningStatistics.ts';
import { momentumHint } from '../runningStatistics/runningStatistics.ts';

export interface InstanceNormOptions extends AffineOptions {
  /** What keeps the division finite, 0 or more: default 1e-5. */
  readonly epsilon?: number;
  /** Where ε stands: `inside` the root (default), `outside` it, or `none`. */
  readonly epsilonMode?: EpsilonMode;
  /** The axis of the channels: default −1, the last. */
  readonly channelAxis?: number;
  /** What inference normalizes with: default null, the sample itself, as in training. */
  readonly runningStatistics?: RunningStatistics | null;
}

/**
 * Instance normalization of x [batch, …, channels], of rank 3 or more: y = γ (x − μ) / √(σ² + ε) + β with the mean μ and the biased
 * variance σ² of each channel of each sample over the axes between. With `runningStatistics` inference uses what they remember, of the
 * means and variances averaged over the batch. Variables: `gamma`, `beta` [channels], and the strategy's buffers.
 * Source: Ulyanov, Vedaldi and Lempitsky, "Instance Normalization" (2016); lecture 004.
 *
 * @throws ConfigError for options out of range; ShapeError for a rank below 3, and in training when a channel of a sample has a single
 * value, whose deviation is 0 whatever it is, or when there is no sample to remember anything of
 */
export const instanceNorm = defineFactory('instanceNorm', createInstanceNorm, createInstanceNorm);

function createInstanceNorm(options: InstanceNormOptions = {}): Normalizer {
  const resolved = resolveOptions('instanceNorm', options, defaults.instanceNorm, momentumHint);
  const { channelAxis, runningStatistics } = resolved;
  checkChannelOptions('instanceNorm', resolved);

  function normalized(x: Tensor, { axes, count, stretching }: ChannelLayout, context: Context): ReturnType<typeof normalizeOver> {
    if (context.training && count < 2) throw singleValueError('instanceNorm', x, count, cure);
    return normalizeOver(x, affineTensors(resolved, context, stretching), axes, resolved);
  }

  if (runningStatistics !== null) {
    return channelNormalizer(
      'instanceNorm',
      { ...resolved, runningStatistics },
      {
        per: 'sample',
        train(x, layout, context) {
          if (x.shape[0] === 0) throw singleValueError('instanceNorm', x, 0, 'Train on batches of 1 or more.');
          const { y, mean, variance } = normalized(x, layout, context);
          const overBatch = (statistic: Tensor): Tensor => reshape(meanOver(statistic, 0), layout.channels);
          return { y, moments: { mean: overBatch(mean), variance: overBatch(variance), count: layout.count } };
        },
        remembering: (other) => createInstanceNorm({ ...resolved, runningStatistics: other }) as ReturnType<typeof channelNormalizer>,
      },
    );
  }
  const layoutOf = (x: TensorSpec): ChannelLayout => channelLayout('instanceNorm', x, channelAxis, 'sample');
  return Object.freeze({
    kind: 'instanceNorm',
    target: 'activation',
    options: Object.freeze(resolved),
    variables: (input: TensorSpec): VariableSpecs => affineVariables(resolved, layoutOf(input).channels),
    apply: (x: Tensor, context: Context): Tensor => normalized(x, layoutOf(x), context).y,
  });
}

const cure = 'To normalize all channels of a sample together use layerNorm() or groupNorm().';
