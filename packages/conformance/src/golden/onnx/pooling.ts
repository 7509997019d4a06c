// ONNX operators that pool, and the one that looks at neighbouring channels. What the toolkit's ops do not take is made of slices.
import type { Tensor } from '@nn/core';
import {
  add,
  avgPool2d,
  constant,
  div,
  full,
  greater,
  max,
  maxPool2d,
  maximum,
  mean,
  mul,
  NdArray,
  pow,
  sizeOf,
  square,
  where,
} from '@nn/core';
import { NotYet, numberSetting, numbersSetting, optionalNumber } from '../config.ts';
import { channelsLast, channelsSecond, still, onImages, pairOf, paddingOf } from './images.ts';
import type { Motion } from './motion.ts';
import { motionsOf, underWindow } from './motion.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

/** Windows over one or two axes, which is what the toolkit's ops take. */
function isOrdinary(motions: readonly Motion[]): boolean {
  return motions.length <= 2;
}

/** `combine` over all that lies under the window, one axis after the other, the last first. */
function poolBySlices(x: Tensor, motions: readonly Motion[], value: number, combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  return motions.reduceRight((pooled, motion, axis) => underWindow(pooled, axis + 2, motion, value).reduce(combine), x);
}

const poolOptions = (motions: readonly [Motion, Motion]) => ({
  strides: pairOf(motions, ({ stride }) => stride),
  padding: paddingOf(motions),
  dilations: pairOf(motions, ({ dilation }) => dilation),
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

export const poolingOperators: Readonly<Record<string, OnnxOperator>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: overWholeImages(mean),
  GlobalMaxPool: overWholeImages(max),
  LRN: localResponse,
};
