// Layer normalization: every sample to mean 0 and deviation 1 over its features, then a learned scale and shift.
import type { Context, Normalizer, Shape, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import {
  ConfigError,
  ShapeError,
  checkInteger,
  checkNumber,
  defineFactory,
  normalize,
  normalizeAxes,
  resolveOptions,
  specText,
} from '@nn/core';
import type { AffineOptions } from './affine.ts';
import { affineTensors, affineVariables, checkAffine } from './affine.ts';
import { defaults } from './defaults.ts';

export interface LayerNormOptions extends AffineOptions {
  /** The axes that are reduced, and that gamma and beta have: default −1, the last. Not 0, the batch. */
  readonly axes?: number | readonly number[];
  /** Added to the variance inside the root, 0 or more: default 1e-5. */
  readonly epsilon?: number;
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
  const resolved = resolveOptions('layerNorm', options, defaults.layerNorm);
  const { axes, epsilon } = resolved;
  for (const axis of [axes].flat()) checkInteger('layerNorm', 'an axis', axis);
  if ([axes].flat().length === 0) throw new ConfigError('layerNorm: axes is empty; name at least one axis, such as -1, the last.');
  checkNumber('layerNorm', 'epsilon', epsilon, { from: 0 });
  checkAffine('layerNorm', resolved);
  return Object.freeze({
    kind: 'layerNorm',
    target: 'activation',
    options: Object.freeze({ ...resolved, axes: typeof axes === 'number' ? axes : Object.freeze([...axes]) }),
    variables: (input: TensorSpec): VariableSpecs =>
      affineVariables(
        resolved,
        reducedAxes(input, axes).map((axis) => input.shape[axis]!),
      ),
    apply(x: Tensor, context: Context): Tensor {
      const reduced = reducedAxes(x, axes);
      const stretching: Shape = x.shape.map((extent, axis) => (reduced.includes(axis) ? extent : 1));
      const { gamma, beta } = affineTensors(resolved, context, stretching);
      return normalize(x, gamma, beta, { axes: reduced, epsilon }).y;
    },
  });
}

function reducedAxes(x: TensorSpec, axes: number | readonly number[]): readonly number[] {
  if (x.shape.length < 2) {
    throw new ShapeError(
      `layerNorm takes [batch, …, features], but x is ${specText(x)}. A single sample is a batch of one: [1, features].`,
    );
  }
  const reduced = normalizeAxes(axes, x.shape.length, 'layerNorm: axes');
  if (reduced.includes(0)) {
    throw new ConfigError(
      `layerNorm: axes [${[axes].flat().join(', ')}] of x ${specText(x)} include axis 0, the batch. To normalize over the batch, use batchNorm().`,
    );
  }
  return reduced;
}
