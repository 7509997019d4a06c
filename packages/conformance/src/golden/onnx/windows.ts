// ONNX operators that slide windows over images [batch, channels, spatial axes]. The toolkit's ops have channels last and two spatial
// axes: one more is put in or summed over here, and what the ops do not take is made of slices.
import type { Tensor } from '@nn/core';
import {
  add,
  avgPool2d,
  constant,
  conv2d,
  div,
  full,
  gradients,
  greater,
  max,
  maximum,
  maxPool2d,
  mean,
  mul,
  NdArray,
  pow,
  reshape,
  sizeOf,
  square,
  sum,
  transpose,
  where,
  zeros,
} from '@nn/core';
import { NotYet, numberSetting, numbersSetting, optionalNumber, textSetting } from '../config.ts';
import type { Motion } from './motion.ts';
import { motionsOf, perAxis, underWindow } from './motion.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

type Pair = readonly [number, number];

const channelsLast = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1]);
const channelsSecond = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2]);

/** An axis of one element, over which nothing moves. */
const still: Motion = { window: 1, stride: 1, dilation: 1, before: 0, after: 0, overhang: 0, places: 1 };

/** [a, b, length] as [a, b, 1, length]. */
const withRow = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]);
const withoutRow = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.shape[1]!, x.shape[3]!]);

/** Computes on two spatial axes what is given with one or two. */
function onImages(x: Tensor, motions: readonly Motion[], compute: (image: Tensor, motions: readonly [Motion, Motion]) => Tensor): Tensor {
  const [first, second] = motions;
  if (second === undefined) return withoutRow(compute(withRow(x), [still, first!]));
  return compute(x, [first!, second]);
}

const pairOf = ([rows, columns]: readonly [Motion, Motion], value: (motion: Motion) => number): Pair => [value(rows), value(columns)];
const paddingOf = ([rows, columns]: readonly [Motion, Motion]): readonly [Pair, Pair] => [
  [rows.before, rows.after],
  [columns.before, columns.after],
];

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

/** Windows without gaps over one or two axes, which is what the toolkit's ops take. */
function isOrdinary(motions: readonly Motion[]): boolean {
  return motions.length <= 2 && motions.every(({ dilation }) => dilation === 1);
}

/** `combine` over all that lies under the window, one axis after the other, the last first. */
function poolBySlices(x: Tensor, motions: readonly Motion[], value: number, combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  return motions.reduceRight((pooled, motion, axis) => underWindow(pooled, axis + 2, motion, value).reduce(combine), x);
}

const poolOptions = (motions: readonly [Motion, Motion]) => ({
  strides: pairOf(motions, ({ stride }) => stride),
  padding: paddingOf(motions),
  overhang: pairOf(motions, ({ overhang }) => overhang),
});

function poolMotions(node: OnnxNode, x: Tensor): Motion[] {
  return motionsOf(node, x.shape.slice(2), numbersSetting(node, 'kernel_shape'));
}

function maxPool(node: OnnxNode): Tensor[] {
  const x = node.input(0);
  const motions = poolMotions(node, x);
  if (node.wants(1)) return maxPoolWithIndices(node, x, motions);
  if (!isOrdinary(motions)) return [poolBySlices(x, motions, -Infinity, maximum)];
  return [
    onImages(x, motions, (image, both) =>
      channelsSecond(
        maxPool2d(
          channelsLast(image),
          pairOf(both, ({ window }) => window),
          poolOptions(both),
        ),
      ),
    ),
  ];
}

interface Found {
  readonly values: Tensor;
  readonly indices: Tensor;
}

/** The largest elements and where they are in all of x, the first at ties. */
function maxPoolWithIndices(node: OnnxNode, x: Tensor, motions: readonly Motion[]): Tensor[] {
  const start: Found = { values: x, indices: constant(positionsOf(x.shape, optionalNumber(node, 'storage_order', 0) !== 0)) };
  const { values, indices } = motions.reduceRight((found, motion, axis): Found => {
    const positions = underWindow(found.indices, axis + 2, motion, -1);
    return underWindow(found.values, axis + 2, motion, -Infinity)
      .map((cell, index): Found => ({ values: cell, indices: positions[index]! }))
      .reduce((best, other) => {
        const isLarger = greater(other.values, best.values);
        return { values: where(isLarger, other.values, best.values), indices: where(isLarger, other.indices, best.indices) };
      });
  }, start);
  return [values, indices];
}

/** f32: the place of each element in row-major order, or with the spatial axes of each channel in column-major order. */
function positionsOf(shape: readonly number[], columnMajor: boolean): NdArray {
  const size = sizeOf(shape);
  if (size > 2 ** 24) throw new NotYet('indices beyond 2^24');
  if (!columnMajor)
    return new NdArray(
      Float32Array.from({ length: size }, (_, index) => index),
      shape,
      'f32',
    );
  const spatial = shape.slice(2);
  const ofChannel = sizeOf(spatial);
  const data = Float32Array.from({ length: size }, (_, index) => {
    let [rest, stride, place] = [index % ofChannel, ofChannel, 0];
    for (const extent of spatial.toReversed()) {
      stride /= extent;
      place += (rest % extent) * stride;
      rest = Math.floor(rest / extent);
    }
    return index - (index % ofChannel) + place;
  });
  return new NdArray(data, shape, 'f32');
}

function averagePool(node: OnnxNode): Tensor {
  const x = node.input(0);
  const motions = poolMotions(node, x);
  const countPadding = optionalNumber(node, 'count_include_pad', 0) !== 0;
  if (isOrdinary(motions)) {
    return onImages(x, motions, (image, both) =>
      channelsSecond(
        avgPool2d(
          channelsLast(image),
          pairOf(both, ({ window }) => window),
          { ...poolOptions(both), countPadding },
        ),
      ),
    );
  }
  const ones = constant(full([1, 1, ...x.shape.slice(2)], 1));
  const counted = countPadding ? motions.reduce(paddedWithOnes, ones) : ones;
  const counting = countPadding ? motions.map((motion) => ({ ...motion, before: 0, after: 0 })) : motions;
  return div(poolBySlices(x, motions, 0, add), poolBySlices(counted, counting, 0, add));
}

function paddedWithOnes(ones: Tensor, { before, after }: Motion, axis: number): Tensor {
  return constant(
    full(
      ones.shape.map((extent, index) => (index === axis + 2 ? extent + before + after : extent)),
      1,
    ),
  );
}

const overWholeImages =
  (reduce: typeof mean): OnnxOperator =>
  (node) => {
    const x = node.input(0);
    return reduce(x, [...x.shape.keys()].slice(2), { keepDims: true });
  };

/** x / (bias + alpha / size · sum of the squares of neighbouring channels) ^ beta */
function localResponse(node: OnnxNode): Tensor {
  const x = node.input(0);
  const size = numberSetting(node, 'size');
  const before = Math.floor((size - 1) / 2);
  const motion: Motion = { ...still, window: size, before, after: size - 1 - before, places: x.shape[1]! };
  const squares = underWindow(square(x), 1, motion, 0).reduce((a, b) => add(a, b));
  const scaled = add(mul(squares, optionalNumber(node, 'alpha', 1e-4) / size), optionalNumber(node, 'bias', 1));
  return div(x, pow(scaled, optionalNumber(node, 'beta', 0.75)));
}

export const windowOperators: Readonly<Record<string, OnnxOperator>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: overWholeImages(mean),
  GlobalMaxPool: overWholeImages(max),
  LRN: localResponse,
};
