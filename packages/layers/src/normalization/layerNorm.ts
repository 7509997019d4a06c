// Layer normalization: every sample to mean 0 and deviation 1 over its features, then a learned scale and shift.
import type { Context, Normalizer, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import { defineFactory, resolveOptions } from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables, checkAffine } from './affine.ts';
import { defaults } from '../defaults.ts';
import type { EpsilonMode } from './epsilon.ts';
import { checkEpsilon, normalizeOver } from './epsilon.ts';
import { checkedFeatureAxes, featureLayout } from './features.ts';

export interface LayerNormOptions extends AffineOptions {
  /** The axes that are reduced, and that gamma and beta have: default −1, the last. Not 0, the batch. */
  readonly axes?: number | readonly number[];
  /** What keeps the division finite, 0 or more: default 1e-5. */
  readonly epsilon?: number;
  /** Where ε stands: `inside` the root (default), `outside` it, or `none`. */
  readonly epsilonMode?: EpsilonMode;
}

/**
 * Layer normalization of x [batch, …, features]: y = γ (x − μ) / √(σ² + ε) + β with the mean μ and the biased variance σ² of each
 * sample over `axes`, in training as in inference. Variables: `gamma` and `beta`, of the extents of `axes`.
 * Source: Ba, Kiros and Hinton, "Layer Normalization" (2016); lecture 004.
 *
 * @throws ConfigError for options out of range or axes that include the batch; ShapeError for an input without those axes
 */
export const layerNorm = defineFactory('layerNorm', createLayerNorm, createLayerNorm);

function createLayerNorm(options: LayerNormOptions = {}): Normalizer {
  const given = resolveOptions('layerNorm', options, defaults.layerNorm);
  checkEpsilon('layerNorm', given);
  checkAffine('layerNorm', given);
  const resolved = { ...given, axes: checkedFeatureAxes('layerNorm', given.axes) };
  return Object.freeze({
    kind: 'layerNorm',
    target: 'activation',
    options: Object.freeze(resolved),
    variables: (input: TensorSpec): VariableSpecs => affineVariables(resolved, featureLayout('layerNorm', input, resolved.axes).extents),
    apply(x: Tensor, context: Context): Tensor {
      const { axes, stretching } = featureLayout('layerNorm', x, resolved.axes);
      return normalizeOver(x, affineTensors(resolved, context, stretching), axes, resolved).y;
    },
  });
}
