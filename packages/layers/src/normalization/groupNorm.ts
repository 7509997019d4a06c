// Group normalization: groups of channels of every sample to mean 0 and deviation 1, then a learned scale and shift.
import type { Context, Normalizer, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import { ConfigError, checkInteger, defineFactory, reshape, resolveOptions, specText } from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables } from './affine.ts';
import { checkChannelOptions } from './channelNormalizer.ts';
import type { ChannelLayout } from './channels.ts';
import { channelLayout } from './channels.ts';
import { defaults } from '../defaults.ts';
import type { EpsilonMode } from './epsilon.ts';
import { normalizeOver } from './epsilon.ts';

export interface GroupNormOptions extends AffineOptions {
  /** Into how many groups of neighbours the channels are split: default 32. It divides their number. */
  readonly groups?: number;
  /** What keeps the division finite, 0 or more: default 1e-5. */
  readonly epsilon?: number;
  /** Where ε stands: `inside` the root (default), `outside` it, or `none`. */
  readonly epsilonMode?: EpsilonMode;
  /** The axis of the channels: default −1, the last. */
  readonly channelAxis?: number;
}

/**
 * Group normalization of x [batch, …, channels], of any rank from 2 on: y = γ (x − μ) / √(σ² + ε) + β with the mean μ and the biased
 * variance σ² of each sample over a group of neighbouring channels and all axes between, in training as in inference. One group is layer
 * normalization over channels and space, as many groups as channels are instance normalization. Variables: `gamma`, `beta` [channels].
 * Source: Wu and He, "Group Normalization" (2018).
 *
 * @throws ConfigError for options out of range, and for groups that do not divide the channels; ShapeError for a rank below 2
 */
export const groupNorm = defineFactory('groupNorm', createGroupNorm, createGroupNorm);

function createGroupNorm(options: GroupNormOptions = {}): Normalizer {
  const resolved = resolveOptions('groupNorm', options, defaults.groupNorm);
  const { groups, channelAxis } = resolved;
  checkInteger('groupNorm', 'groups', groups, { from: 1 });
  checkChannelOptions('groupNorm', resolved);

  function layoutOf(x: TensorSpec): ChannelLayout {
    const layout = channelLayout('groupNorm', x, channelAxis, 'batch');
    const [channels] = layout.channels as [number];
    if (channels % groups !== 0)
      throw new ConfigError(`groupNorm: ${groups} groups do not divide the ${channels} channels of x ${specText(x)}.`);
    return layout;
  }

  return Object.freeze({
    kind: 'groupNorm',
    target: 'activation',
    options: Object.freeze(resolved),
    variables: (input: TensorSpec): VariableSpecs => affineVariables(resolved, layoutOf(input).channels),
    apply(x: Tensor, context: Context): Tensor {
      const { axis, stretching } = layoutOf(x);
      // The channel axis as two: groups, and the channels of a group.
      const split = (shape: readonly number[]): number[] =>
        shape.flatMap((extent, index) => (index === axis ? [groups, extent / groups] : [extent]));
      const axes = [...split(x.shape).keys()].filter((index) => index !== 0 && index !== axis);
      const { gamma, beta } = affineTensors(resolved, context, split(stretching));
      return reshape(normalizeOver(reshape(x, split(x.shape)), { gamma, beta }, axes, resolved).y, x.shape);
    },
  });
}
