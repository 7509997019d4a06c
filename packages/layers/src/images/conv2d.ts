// Convolution of images: the same small dense layer at every position.
import type { Context, Initializer, Layer, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import {
  ConfigError,
  add,
  checkFlag,
  checkInteger,
  conv2d as correlate,
  defineFactory,
  reshape,
  resolveOptions,
  transpose,
} from '@nn/core';
import { fansOf } from '@nn/initializers';
import { defaults } from '../defaults.ts';
import type { KernelTransform } from '../dense/kernelTransform.ts';
import { checkKernelTransform, foreignKernelNames, transformedKernel } from '../dense/kernelTransform.ts';
import { checkInitializer } from '../records.ts';
import type { Extents, WindowPadding } from './windows.ts';
import { checkWindow, expectImage, foreignWindowNames } from './windows.ts';

export interface Conv2dOptions {
  /** Rows and columns of the kernel: default 3. */
  readonly window?: Extents;
  /** Default 1. */
  readonly strides?: Extents;
  /** Default `'valid'`. */
  readonly padding?: WindowPadding;
  /** Default 1. */
  readonly dilations?: Extents;
  /** Blocks of channels that do not see each other: default 1; as many as channels in makes it depthwise. */
  readonly groups?: number;
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
 * Convolution (cross-correlation, as everywhere in this field) of x [batch, height, width, in]: y [batch, height', width', filters],
 * y[b, i, j, o] = Σ x[b, i·stride + r·dilation, j·stride + c·dilation, k] · kernel[r, c, k, o] + bias[o].
 * Variables: `kernel` [rows, columns, in / groups, filters] and `bias` [filters].
 * Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998).
 *
 * @param filters number of output channels, 1 or more
 * @throws ConfigError for options out of range, or groups that do not divide the channels; ShapeError for what is no image and for a
 * kernel larger than the padded image
 */
export const conv2d = defineFactory('conv2d', createConv2d, ({ filters, ...options }) => createConv2d(filters as number, options));

function createConv2d(filters: number, options: Conv2dOptions = {}): Layer {
  checkInteger('conv2d', 'filters', filters, { from: 1 });
  const resolved = resolveOptions('conv2d', options, defaults.conv2d, { ...foreignKernelNames, ...foreignWindowNames });
  const { groups, kernelInitializer, biasInitializer, bias, kernelTransform } = resolved;
  const window = checkWindow('conv2d', resolved);
  checkInteger('conv2d', 'groups', groups, { from: 1 });
  checkInitializer('conv2d', 'kernelInitializer', kernelInitializer);
  checkInitializer('conv2d', 'biasInitializer', biasInitializer);
  checkFlag('conv2d', 'bias', bias);
  checkKernelTransform('conv2d', kernelTransform);
  return Object.freeze({
    kind: 'conv2d',
    options: Object.freeze({ filters, ...resolved, ...window.options }),
    variables(input: TensorSpec) {
      expectImage('conv2d', input);
      const channels = input.shape[3]!;
      if (channels % groups !== 0 || filters % groups !== 0) {
        throw new ConfigError(`conv2d: ${groups} groups do not divide ${channels} channels in and ${filters} filters.`);
      }
      const shape = [...window.extents, channels / groups, filters];
      const kernel: VariableSpec = { shape, dtype: 'f32', role: 'parameter', fans: fansOf(shape, { groups }), init: kernelInitializer };
      const biasSpec: VariableSpec = { shape: [filters], dtype: 'f32', role: 'parameter', init: biasInitializer };
      return bias ? { kernel, bias: biasSpec } : { kernel };
    },
    apply(x: Tensor, context: Context): Tensor {
      const { strides, dilations } = window;
      const y = correlateEach(x, transformedKernel(context, kernelTransform, x.shape[0]), {
        strides,
        dilations,
        groups,
        padding: window.paddingFor(x.shape),
      });
      return bias ? add(y, context.get('bias')) : y;
    },
  });
}

/** The convolution, with a kernel for each sample if that has five axes: the samples are groups of channels of one image then. */
function correlateEach(x: Tensor, kernel: Tensor, options: Parameters<typeof correlate>[2] & { readonly groups: number }): Tensor {
  if (kernel.shape.length === 4) return correlate(x, kernel, options);
  const [samples, rows, columns, channels, filters] = kernel.shape as [number, number, number, number, number];
  const [, height, width, depth] = x.shape as [number, number, number, number];
  const image = reshape(transpose(x, [1, 2, 0, 3]), [1, height, width, samples * depth]);
  const kernels = reshape(transpose(kernel, [1, 2, 3, 0, 4]), [rows, columns, channels, samples * filters]);
  const y = correlate(image, kernels, { ...options, groups: samples * options.groups });
  return transpose(reshape(y, [y.shape[1]!, y.shape[2]!, samples, filters]), [2, 0, 1, 3]);
}
