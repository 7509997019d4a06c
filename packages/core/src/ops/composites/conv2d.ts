// `conv2d`: cross-correlation of images with kernels, as one matrix product over the patches under the window; and its two gradients.
import type { TensorSpec } from '../../array/dtype.ts';
import { specText } from '../../array/dtype.ts';
import { shapeText } from '../../array/shape.ts';
import { ConfigError, ShapeError } from '../../errors/errors.ts';
import { resolveOptions } from '../../errors/options.ts';
import type { Tensor } from '../../program/tensor.ts';
import { add } from '../elementwise.ts';
import { expectDTypeOf, expectInputs, expectRank, shapeOf } from '../expect.ts';
import { matmul } from '../products.ts';
import { concat, reshape, slice, transpose } from '../shaping.ts';
import type { Composite } from '../spec.ts';
import type { WindowAttrs } from '../windows.ts';
import { checkPairs, cropImage, noPadding, overTap, padImage, paddedExtents, tapsOf, underTap, windowPositions } from '../windows.ts';
import { callComposite } from './composite.ts';

/** The window's extents are the kernel's. */
export type Conv2dAttrs = WindowAttrs & { readonly groups: number };

/** Inputs: x [batch, height, width, in]; kernel [rows, columns, in / groups, out]. */
export const conv2dOp: Composite<'conv2d', Conv2dAttrs, 'y'> = {
  name: 'conv2d',
  kind: 'composite',
  outputNames: ['y'],
  check(inputs, attrs) {
    const [x, kernel] = expectInputs('conv2d', inputs, 2);
    checkKernel(x, kernel, attrs);
    windowPositions('conv2d', x, attrs);
  },
  decompose([x, kernel], attrs) {
    const positions = windowPositions('conv2d', x!, attrs);
    const products = matmul(patchesOf(x!, attrs), splitGroups(kernel!, attrs.groups));
    return { y: mergeGroups(products, [x!.shape[0]!, ...positions]) };
  },
  vjp({ inputs: [x, kernel], attrs, cotangents: [dy], needs }) {
    const [, height, width] = x!.shape as readonly [number, number, number, number];
    return [
      needs[0] ? callComposite(conv2dInputGradientOp, [kernel!, dy!], { ...attrs, height, width }).dx : null,
      needs[1] ? callComposite(conv2dKernelGradientOp, [x!, dy!], attrs).dKernel : null,
    ];
  },
  rounds: true,
};

/** Inputs: kernel, dy. `height` and `width` are those of x. */
export const conv2dInputGradientOp: Composite<
  'conv2dInputGradient',
  Conv2dAttrs & { readonly height: number; readonly width: number },
  'dx'
> = {
  name: 'conv2dInputGradient',
  kind: 'composite',
  outputNames: ['dx'],
  decompose([kernel, dy], attrs) {
    const { groups, padding, strides, height, width } = attrs;
    const [batch, rows, columns] = dy!.shape as readonly [number, number, number, number];
    const dPatches = matmul(splitGroups(dy!, groups), splitGroups(kernel!, groups), { transposeB: true });
    const inPerGroup = kernel!.shape[2]!;
    const taps = tapsOf(attrs);
    // [groups, positions, taps · in] → [batch, rows, columns, taps, groups · in]
    const byTap = reshape(transpose(reshape(dPatches, [groups, batch * rows * columns, taps.length, inPerGroup]), [1, 2, 0, 3]), [
      batch,
      rows,
      columns,
      taps.length * groups * inPerGroup,
    ]);
    const channels = groups * inPerGroup;
    const extents = paddedExtents([batch, height, width], padding);
    const padded = taps
      .map((tap, index) =>
        overTap(slice(byTap, [0, 0, 0, index * channels], [batch, rows, columns, (index + 1) * channels]), tap, extents, strides),
      )
      .reduce(add);
    return { dx: cropImage(padded, padding) };
  },
  rounds: true,
};

/** Inputs: x, dy. */
export const conv2dKernelGradientOp: Composite<'conv2dKernelGradient', Conv2dAttrs, 'dKernel'> = {
  name: 'conv2dKernelGradient',
  kind: 'composite',
  outputNames: ['dKernel'],
  decompose([x, dy], attrs) {
    const { groups, window } = attrs;
    const products = matmul(patchesOf(x!, attrs), splitGroups(dy!, groups), { transposeA: true });
    const [, patch, outPerGroup] = products.shape as readonly [number, number, number];
    return { dKernel: reshape(transpose(products, [1, 0, 2]), [...window, patch / (window[0] * window[1]), groups * outPerGroup]) };
  },
  rounds: true,
};

/** What lies under the window at every position: [groups, positions, taps · in per group]. */
function patchesOf(x: Tensor, attrs: Conv2dAttrs): Tensor {
  const { groups, padding, strides } = attrs;
  const positions = windowPositions('conv2d', x, attrs);
  const [batch, , , channels] = x.shape as readonly [number, number, number, number];
  const padded = padImage(x, padding, 0);
  const taps = tapsOf(attrs).map((tap) => underTap(padded, tap, positions, strides));
  const patches = taps.length === 1 ? taps[0]! : concat(taps, 3);
  const rows = batch * positions[0] * positions[1];
  if (groups === 1) return reshape(patches, [1, rows, taps.length * channels]);
  const byGroup = transpose(reshape(patches, [rows, taps.length, groups, channels / groups]), [2, 0, 1, 3]);
  return reshape(byGroup, [groups, rows, taps.length * (channels / groups)]);
}

/**
 * The channels of each group by themselves: an image [batch, rows, columns, out] → [groups, positions, out per group], a kernel
 * [rows, columns, in / groups, out] → [groups, taps · in per group, out per group].
 */
function splitGroups(x: Tensor, groups: number): Tensor {
  const [first, second, third, channels] = x.shape as readonly [number, number, number, number];
  const rows = first * second * third;
  return groups === 1 ? reshape(x, [1, rows, channels]) : transpose(reshape(x, [rows, groups, channels / groups]), [1, 0, 2]);
}

/** [groups, positions, out per group] → [batch, rows, columns, out] */
function mergeGroups(products: Tensor, image: readonly number[]): Tensor {
  const [groups, , outPerGroup] = products.shape as readonly [number, number, number];
  return reshape(groups === 1 ? products : transpose(products, [1, 0, 2]), [...image, groups * outPerGroup]);
}

function checkKernel(x: TensorSpec, kernel: TensorSpec, { window, groups }: Conv2dAttrs): void {
  expectRank('conv2d', 'x', x, 4);
  expectRank('conv2d', 'the kernel', kernel, 4);
  expectDTypeOf('conv2d', 'the kernel', kernel, 'f32');
  const [rows, columns, inPerGroup, out] = kernel.shape as readonly [number, number, number, number];
  const channels = x.shape[3]!;
  if (rows !== window[0] || columns !== window[1]) {
    throw new ShapeError(`conv2d: the kernel is ${specText(kernel)}, but its window is stated as ${shapeText(window)}.`);
  }
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0 || out % groups !== 0) {
    throw new ConfigError(`conv2d: ${groups} groups do not divide ${channels} channels in and ${out} out.`);
  }
  if (inPerGroup * groups !== channels) {
    throw new ShapeError(
      `conv2d: x ${specText(x)} has ${channels} channels, but the kernel ${specText(kernel)} takes ${inPerGroup * groups}. ` +
        'Images are [batch, height, width, channels], kernels [height, width, in / groups, out].',
    );
  }
}

export interface Conv2dOptions {
  /** Default [1, 1]. */
  readonly strides?: readonly [number, number];
  /** Zeros before and after the rows, before and after the columns: default none. */
  readonly padding?: WindowAttrs['padding'];
  /** Default [1, 1]. */
  readonly dilations?: readonly [number, number];
  /** Blocks of channels that do not see each other: default 1. */
  readonly groups?: number;
}

/**
 * Cross-correlation: y[b, i, j, o] = Σ x[b, i·stride + r·dilation, j·stride + c·dilation, k] · kernel[r, c, k, o].
 * @param x f32 [batch, height, width, in] @param kernel f32 [rows, columns, in / groups, out]
 * @returns f32 [batch, height', width', out]
 * @throws ShapeError, DTypeError, ConfigError
 */
export function conv2d(x: Tensor, kernel: Tensor, options: Conv2dOptions = {}): Tensor {
  const attrs = resolveOptions<Required<Conv2dOptions>>('conv2d', options, { strides: [1, 1], ...noPadding, dilations: [1, 1], groups: 1 });
  const { padding, strides, dilations } = attrs;
  checkPairs('conv2d', padding, { strides, dilations });
  shapeOf('conv2d', kernel);
  expectRank('conv2d', 'the kernel', kernel, 4);
  return callComposite(conv2dOp, [x, kernel], { window: [kernel.shape[0]!, kernel.shape[1]!], ...attrs }).y;
}
