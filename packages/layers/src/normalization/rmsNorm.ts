// RMS normalization: every sample to a root mean square of 1 over its features, then a learned scale.
import type { Context, Initializer, Normalizer, Tensor, TensorSpec, VariableSpecs } from '@nn/core';
import { abs, defineFactory, elementwise, max, mean, resolveOptions, scalar, square, stopGradient } from '@nn/core';
import { affineVariables, checkAffine, gammaTensor } from './affine.ts';
import { defaults } from '../defaults.ts';
import type { EpsilonMode } from './epsilon.ts';
import { checkEpsilon } from './epsilon.ts';
import { checkedFeatureAxes, featureLayout } from './features.ts';

export interface RmsNormOptions {
  /** The axes that are reduced, and that gamma has: default −1, the last. Not 0, the batch. */
  readonly axes?: number | readonly number[];
  /** What keeps the division finite, 0 or more: default 1e-6. */
  readonly epsilon?: number;
  /** Where ε stands: `inside` the root (default), `outside` it, or `none`. */
  readonly epsilonMode?: EpsilonMode;
  /** Learn a scale gamma: default true. */
  readonly scale?: boolean;
  /** Default `ones()`. */
  readonly gammaInitializer?: Initializer;
}

/**
 * RMS normalization of x [batch, …, features]: y = γ x / √(mean x² + ε) with the mean of each sample over `axes`, in training as in
 * inference. Nothing is subtracted. Squares of large numbers do not overflow. Variable: `gamma`, of the extents of `axes`.
 * Source: Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019).
 *
 * @throws ConfigError for options out of range or axes that include the batch; ShapeError for an input without those axes
 */
export const rmsNorm = defineFactory('rmsNorm', createRmsNorm, createRmsNorm);

function createRmsNorm(options: RmsNormOptions = {}): Normalizer {
  const given = resolveOptions('rmsNorm', options, defaults.rmsNorm, { center: 'RMS normalization shifts nothing.' });
  checkEpsilon('rmsNorm', given);
  checkAffine('rmsNorm', given);
  const resolved = { ...given, axes: checkedFeatureAxes('rmsNorm', given.axes) };
  const { epsilonMode } = resolved;
  const epsilon = epsilonMode === 'none' ? 0 : resolved.epsilon;
  return Object.freeze({
    kind: 'rmsNorm',
    target: 'activation',
    options: Object.freeze(resolved),
    variables: (input: TensorSpec): VariableSpecs => affineVariables(resolved, featureLayout('rmsNorm', input, resolved.axes).extents),
    apply(x: Tensor, context: Context): Tensor {
      const { axes, stretching } = featureLayout('rmsNorm', x, resolved.axes);
      const gamma = gammaTensor(resolved, context, stretching);
      const keep = { keepDims: true };
      // A number whose square overflows is taken down first, and ε with it. The result does not depend on by how much.
      const unit = stopGradient(elementwise((largest) => scalar.max(largest, 1), max(abs(x), axes, keep)));
      const scaled = elementwise((value, u) => scalar.div(value, u), x, unit);
      const reciprocal = elementwise(
        (meanSquare, u) => {
          const share = scalar.div(epsilon, u);
          if (epsilonMode === 'outside') {
            // As for a variance of 0: the root is not differentiated there.
            const root = scalar.add(scalar.sqrt(meanSquare), share);
            return scalar.select(scalar.equal(meanSquare, 0), epsilon === 0 ? 0 : scalar.div(1, share), scalar.div(1, root));
          }
          const inside = scalar.add(meanSquare, scalar.div(share, u));
          return scalar.select(scalar.equal(inside, 0), 0, scalar.reciprocalSqrt(inside));
        },
        mean(square(scaled), axes, keep),
        unit,
      );
      return elementwise((value, r, g) => scalar.mul(scalar.mul(value, r), g), scaled, reciprocal, gamma);
    },
  });
}
