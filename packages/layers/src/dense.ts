// The fully connected layer: every output is a weighted sum of all inputs.
import type { Context, Initializer, Layer, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import { ShapeError, checkFlag, checkInteger, defineFactory, linear, reshape, resolveOptions, sizeOf, specText } from '@nn/core';
import { defaults } from './defaults.ts';
import { checkInitializer } from './records.ts';

export interface DenseOptions {
  /** Default `glorotUniform()`; `heNormal()` before ReLU-like activations. */
  readonly kernelInitializer?: Initializer;
  /** Default `zeros()`. */
  readonly biasInitializer?: Initializer;
  /** Default true. Leave it out before a normalization, which takes it away again. */
  readonly bias?: boolean;
}

/**
 * A fully connected layer: y = x W + b for x [batch, …, features], over the last axis; y [batch, …, units].
 * Variables: `kernel` W [features, units] and `bias` b [units].
 * Source: lecture 002 (Wx + b, here with the kernel on the right).
 *
 * @param units number of outputs, 1 or more
 * @throws ConfigError for options out of range; ShapeError for an input of rank below 2
 */
export const dense = defineFactory('dense', createDense, ({ units, ...options }) => createDense(units as number, options));

function createDense(units: number, options: DenseOptions = {}): Layer {
  checkInteger('dense', 'units', units, { from: 1 });
  const resolved = resolveOptions('dense', options, defaults.dense);
  const { kernelInitializer, biasInitializer, bias } = resolved;
  checkInitializer('dense', 'kernelInitializer', kernelInitializer);
  checkInitializer('dense', 'biasInitializer', biasInitializer);
  checkFlag('dense', 'bias', bias);
  return Object.freeze({
    kind: 'dense',
    options: Object.freeze({ units, ...resolved }),
    variables(input: TensorSpec) {
      const features = featuresOf(input);
      const kernel: VariableSpec = {
        shape: [features, units],
        dtype: 'f32',
        role: 'parameter',
        fans: { fanIn: features, fanOut: units },
        init: kernelInitializer,
      };
      const biasSpec: VariableSpec = { shape: [units], dtype: 'f32', role: 'parameter', init: biasInitializer };
      return bias ? { kernel, bias: biasSpec } : { kernel };
    },
    apply(x: Tensor, context: Context): Tensor {
      const features = featuresOf(x);
      const kernel = context.get('kernel');
      const weigh = (rows: Tensor): Tensor => (bias ? linear(rows, kernel, context.get('bias')) : linear(rows, kernel));
      if (x.shape.length === 2) return weigh(x);
      const leading = x.shape.slice(0, -1);
      return reshape(weigh(reshape(x, [sizeOf(leading), features])), [...leading, units]);
    },
  });
}

function featuresOf(x: TensorSpec): number {
  const features = x.shape.at(-1);
  if (x.shape.length < 2 || features === undefined) {
    throw new ShapeError(`dense takes [batch, …, features], but x is ${specText(x)}. A single sample is a batch of one: [1, features].`);
  }
  return features;
}
