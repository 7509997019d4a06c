// The fully connected layer: every output is a weighted sum of all inputs.
import type { Context, Initializer, Layer, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import {
  ShapeError,
  add,
  checkFlag,
  checkInteger,
  defineFactory,
  linear,
  matmul,
  reshape,
  resolveOptions,
  sizeOf,
  specText,
} from '@nn/core';
import { defaults } from '../defaults.ts';
import type { KernelTransform } from './kernelTransform.ts';
import { checkKernelTransform, foreignKernelNames, transformedKernel } from './kernelTransform.ts';
import { checkInitializer } from '../records.ts';

export interface DenseOptions {
  /** Default `glorotUniform()`; `heNormal()` before ReLU-like activations. */
  readonly kernelInitializer?: Initializer;
  /** Default `zeros()`. */
  readonly biasInitializer?: Initializer;
  /** Default true. Leave it out before a normalization, which takes it away again. */
  readonly bias?: boolean;
  /** What makes the kernel that is computed with: `weightNorm()`, `dropConnect()`; default null, nothing. */
  readonly kernelTransform?: KernelTransform | null;
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
  const resolved = resolveOptions('dense', options, defaults.dense, foreignKernelNames);
  const { kernelInitializer, biasInitializer, bias, kernelTransform } = resolved;
  checkInitializer('dense', 'kernelInitializer', kernelInitializer);
  checkInitializer('dense', 'biasInitializer', biasInitializer);
  checkFlag('dense', 'bias', bias);
  checkKernelTransform('dense', kernelTransform);
  return Object.freeze({
    kind: 'dense',
    options: Object.freeze({ units, ...resolved }),
    variables(input: TensorSpec) {
      const features = featuresOf('dense', input);
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
    apply: (x: Tensor, context: Context): Tensor =>
      weighed('dense', x, transformedKernel(context, kernelTransform, x.shape[0]), bias ? context.get('bias') : undefined),
  });
}

/**
 * x kernel + bias over the last axis of x, whatever its rank from 2 on; with a kernel for each sample if that has three axes.
 * @throws ShapeError in the name of `kind`
 */
export function weighed(kind: string, x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const features = featuresOf(kind, x);
  if (kernel.shape.length === 3) {
    const [samples, , units] = kernel.shape as [number, number, number];
    const y = reshape(matmul(reshape(x, [samples, sizeOf(x.shape.slice(1, -1)), features]), kernel), [...x.shape.slice(0, -1), units]);
    return bias === undefined ? y : add(y, bias);
  }
  const weigh = (rows: Tensor): Tensor => (bias === undefined ? linear(rows, kernel) : linear(rows, kernel, bias));
  if (x.shape.length === 2) return weigh(x);
  const leading = x.shape.slice(0, -1);
  return reshape(weigh(reshape(x, [sizeOf(leading), features])), [...leading, kernel.shape[1]!]);
}

/** The extent of the last axis of x [batch, …, features]. @throws ShapeError in the name of `kind` for a rank below 2 */
export function featuresOf(kind: string, x: TensorSpec): number {
  const features = x.shape.at(-1);
  if (x.shape.length < 2 || features === undefined) {
    throw new ShapeError(`${kind} takes [batch, …, features], but x is ${specText(x)}. A single sample is a batch of one: [1, features].`);
  }
  return features;
}
