// Normalization propagation: layers that keep mean 0 and deviation 1 by what is known of their inputs, without statistics of data.
import type { Context, Initializer, Layer, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import { checkInteger, defineFactory, resolveOptions, scalar } from '@nn/core';
import { activation } from '../activations/activation.ts';
import { defaults } from '../defaults.ts';
import { featuresOf, weighed } from '../dense/dense.ts';
import { checkInitializer } from '../records.ts';
import { withLength } from './weightNorm.ts';

/**
 * (relu(x) − mean) / deviation. The defaults are the moments of relu(x) for x from N(0, 1), √(1/2π) = 0.3989 and √(½(1 − 1/π)) = 0.5838, so
 * that the result has mean 0 and deviation 1 again. Source: Arpit et al., "Normalization Propagation" (2016); lecture 004.
 */
export const normPropRelu = activation('normPropRelu', defaults.normPropRelu, (x, { mean, deviation }) =>
  scalar.div(scalar.sub(scalar.select(scalar.lessEqual(x, 0), 0, x), mean), deviation),
);

export interface NormPropDenseOptions {
  /** Of the directions: default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer;
  /** Default `constant(1 / 1.21)`, with which the singular values of the layer's Jacobian are near 1. */
  readonly gammaInitializer?: Initializer;
  /** Default `zeros()`. */
  readonly betaInitializer?: Initializer;
}

/**
 * A dense layer and ReLU under normalization propagation, for x [batch, …, features]: y = (relu(u) − √(1/2π)) / √(½(1 − 1/π)) with
 * u = γ (x W) / ‖W‖ + β, ‖W‖ the length of each unit's weights; y [batch, …, units]. It wants inputs of mean 0 and deviation 1, which
 * are standardized once, and needs no batch: training is inference, and a batch of one works. Variables: `kernel` W [features, units],
 * `gamma` and `beta` [units]. Source: Arpit et al., "Normalization Propagation" (2016), with its Jacobian factor 1.21; lecture 004.
 *
 * @param units number of outputs, 1 or more
 * @throws ConfigError for options out of range; ShapeError for an input of rank below 2
 */
export const normPropDense = defineFactory('normPropDense', createNormPropDense, ({ units, ...options }) =>
  createNormPropDense(units as number, options),
);

function createNormPropDense(units: number, options: NormPropDenseOptions = {}): Layer {
  checkInteger('normPropDense', 'units', units, { from: 1 });
  const resolved = resolveOptions('normPropDense', options, defaults.normPropDense, { bias: 'beta is its bias.' });
  const { kernelInitializer, gammaInitializer, betaInitializer } = resolved;
  for (const [name, initializer] of Object.entries(resolved)) checkInitializer('normPropDense', name, initializer);
  return Object.freeze({
    kind: 'normPropDense',
    options: Object.freeze({ units, ...resolved }),
    variables(input: TensorSpec) {
      const features = featuresOf('normPropDense', input);
      const parameter = (shape: readonly number[], init: Initializer): VariableSpec => ({ shape, dtype: 'f32', role: 'parameter', init });
      return {
        kernel: { ...parameter([features, units], kernelInitializer), fans: { fanIn: features, fanOut: units } },
        gamma: parameter([units], gammaInitializer),
        beta: parameter([units], betaInitializer),
      };
    },
    apply(x: Tensor, context: Context): Tensor {
      const kernel = withLength(context.get('kernel'), context.get('gamma'), -1);
      return normPropRelu(weighed('normPropDense', x, kernel, context.get('beta')));
    },
  });
}
