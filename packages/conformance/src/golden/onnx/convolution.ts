// ONNX operators of convolution. Over three axes they are sums of convolutions of images.
import type { Tensor } from '@nn/core';
import { add, constant, conv2d, gradients, mul, reshape, sum, transpose, zeros } from '@nn/core';
import { NotYet, optionalNumber, textSetting } from '../config.ts';
import { channelsLast, channelsSecond, still, withRow, onImages, pairOf, paddingOf } from './images.ts';
import type { Motion } from './motion.ts';
import { motionsOf, perAxis, underWindow } from './motion.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

/** @param kernel [channels out, channels in of a group, spatial axes] */
function convolve(x: Tensor, kernel: Tensor, motions: readonly Motion[], groups: number): Tensor {
  switch (motions.length) {
    case 1:
      return onImages(x, motions, (image, both) => convolveImage(image, withRow(kernel), both, groups));
    case 2:
      return convolveImage(x, kernel, motions as [Motion, Motion], groups);
    case 3:
      return convolveVolume(x, kernel, motions as [Motion, Motion, Motion], groups);
    default:
      throw new NotYet(`convolution over ${motions.length} axes`);
  }
}

function convolveImage(x: Tensor, kernel: Tensor, motions: readonly [Motion, Motion], groups: number): Tensor {
  const y = conv2d(channelsLast(x), transpose(kernel, [2, 3, 1, 0]), {
    strides: pairOf(motions, ({ stride }) => stride),
    padding: paddingOf(motions),
    dilations: pairOf(motions, ({ dilation }) => dilation),
    groups,
  });
  return channelsSecond(y);
}

/** A sum of convolutions of images, one for each slice of the kernel. */
function convolveVolume(x: Tensor, kernel: Tensor, [depth, rows, columns]: readonly [Motion, Motion, Motion], groups: number): Tensor {
  const kernels = underWindow(kernel, 2, { ...still, window: depth.window }, 0);
  const terms = underWindow(x, 2, depth, 0).map((volume, cell) => {
    const [batch, channels, , height, width] = volume.shape;
    const images = reshape(transpose(volume, [0, 2, 1, 3, 4]), [-1, channels!, height!, width!]);
    const slab = kernels[cell]!;
    const y = convolveImage(images, reshape(slab, [...slab.shape.slice(0, 2), ...slab.shape.slice(3)]), [rows, columns], groups);
    return reshape(y, [batch!, depth.places, ...y.shape.slice(1)]);
  });
  return transpose(
    terms.reduce((a, b) => add(a, b)),
    [0, 2, 1, 3, 4],
  );
}

function withBias(y: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? y : add(y, reshape(bias, [-1, ...y.shape.slice(2).map(() => 1)]));
}

function conv(node: OnnxNode): Tensor {
  const [x, kernel] = [node.input(0), node.input(1)];
  const motions = motionsOf(node, x.shape.slice(2), kernel.shape.slice(2));
  return withBias(convolve(x, kernel, motions, optionalNumber(node, 'group', 1)), node.optional(2));
}

/** The adjoint of a convolution with the same kernel: its gradient by the image. */
function convTranspose(node: OnnxNode): Tensor {
  const [x, kernel] = [node.input(0), node.input(1)];
  if (textSetting(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || node.config['output_shape'] !== undefined)
    throw new NotYet('ConvTranspose with a given output shape');
  const groups = optionalNumber(node, 'group', 1);
  const windows = kernel.shape.slice(2);
  const extra = perAxis(node, 'output_padding', windows.length, 0);
  const [strides, dilations] = [perAxis(node, 'strides', windows.length, 1), perAxis(node, 'dilations', windows.length, 1)];
  const pads = perAxis(node, 'pads', 2 * windows.length, 0);
  const extents = windows.map(
    (window, axis) =>
      strides[axis]! * (x.shape[axis + 2]! - 1) +
      extra[axis]! +
      (window - 1) * dilations[axis]! +
      1 -
      pads[axis]! -
      pads[axis + windows.length]!,
  );
  const image = constant(zeros([x.shape[0]!, kernel.shape[1]! * groups, ...extents]));
  const forward = convolve(image, kernel, motionsOf(node, extents, windows), groups);
  return withBias(gradients(sum(mul(forward, x)), [image])[0]!, node.optional(2));
}

export const convolutionOperators: Readonly<Record<string, OnnxOperator>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
};
