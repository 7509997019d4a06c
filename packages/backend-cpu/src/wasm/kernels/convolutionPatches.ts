// The description of patches, word by word as in productLayout.ts: which pixels of an image are under a window, and where.
import type { CompositeAttrs } from '@nn/core';

export type Pair = readonly [number, number];
export type ImageShape = readonly [batch: number, height: number, width: number, channels: number];
export type WindowAttrs = CompositeAttrs['conv2d'];

/** A cell of the window: its row and column against a position, and which element of the kernel it begins with. */
export type Tap = readonly [row: number, column: number, kernelElement: number];

export interface Patches {
  readonly image: ImageShape;
  /** How many of the image's channels a patch takes. */
  readonly channels: number;
  readonly positions: Pair;
  readonly strides: Pair;
  readonly taps: readonly Tap[];
  /** Elements from a result's pixel to that of the next image, row and column. */
  readonly pixelSteps?: readonly [number, number, number];
}

/** Words as in productLayout.ts. */
export function describePatches({ image, channels, positions, strides, taps, pixelSteps = [0, 0, 0] }: Patches): number[] {
  const [, height, width, imageChannels] = image;
  const inner = [height, width].flatMap((extent, axis) => {
    const offsets = taps.map((tap) => tap[axis]!);
    return [Math.max(0, -Math.min(0, ...offsets)), extent - Math.max(0, ...offsets)];
  });
  return [
    height,
    width,
    imageChannels,
    channels,
    ...positions,
    ...strides,
    ...pixelSteps.map((elements) => 4 * elements),
    ...inner,
    channels === imageChannels ? tapsPerRun(taps) : 1,
    taps.length,
    ...taps.flatMap(([row, column, kernelElement]) => [row, column, 4 * imageChannels * (row * width + column), 4 * kernelElement]),
  ];
}

/** How many taps, from each multiple of this number on, are neighbours in a row. */
function tapsPerRun(taps: readonly Tap[]): number {
  const startsRun = ([row, column]: Tap, index: number): boolean =>
    index === 0 || taps[index - 1]![0] !== row || taps[index - 1]![1] !== column - 1;
  const length = taps.findIndex((tap, index) => index > 0 && startsRun(tap, index));
  if (length === -1) return Math.max(1, taps.length);
  return taps.every((tap, index) => startsRun(tap, index) === (index % length === 0)) ? length : 1;
}

/** @param kernelStep elements of the kernel for each tap */
export function windowTaps({ window, padding, dilations }: WindowAttrs, kernelStep: number): Tap[] {
  return Array.from({ length: window[0] * window[1] }, (_, index) => [
    Math.floor(index / window[1]) * dilations[0] - padding[0][0],
    (index % window[1]) * dilations[1] - padding[1][0],
    index * kernelStep,
  ]);
}

/** Every stride-th row (or column) of an input from `first` on, and which of the window's rows reach it from which position, in their order. */
export interface Phase {
  readonly first: number;
  readonly count: number;
  readonly taps: readonly { readonly index: number; readonly offset: number }[];
}

export function phasesAlong(axis: 0 | 1, extent: number, { window, strides, padding, dilations }: WindowAttrs): Phase[] {
  const stride = strides[axis];
  return Array.from({ length: Math.min(stride, extent) }, (_, first) => ({
    first,
    count: Math.ceil((extent - first) / stride),
    taps: Array.from({ length: window[axis] }, (_cell, index) => ({
      index,
      offset: (first + padding[axis][0] - index * dilations[axis]) / stride,
    }))
      .filter(({ offset }) => Number.isInteger(offset))
      .toReversed(),
  }));
}
