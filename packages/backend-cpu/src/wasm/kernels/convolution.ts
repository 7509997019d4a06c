// `conv2d` and its gradients, as products in which patches of images take the place of a matrix. Patches are made block by block in
// the caches; the whole of them, nine times the image for a 3 × 3 kernel, never exists.
import { sizeOf } from '@nn/core';
import type { CompositeAttrs, Shape } from '@nn/core';
import type { WasmKernel } from '../command.ts';
import { isWorthCopying, productCommand, swappedProductCommand } from './product.ts';
import type { MatrixOffsets, ProductOptions } from './product.ts';

type Pair = readonly [number, number];
type ImageShape = readonly [batch: number, height: number, width: number, channels: number];
type WindowAttrs = CompositeAttrs['conv2d'];

/** y [positions, out] = patches of x [positions, taps · in] × kernel [taps · in, out], for each group of channels. */
export function conv2dKernel(options: ProductOptions): WasmKernel<'conv2d'> {
  return ({ attrs, inputs: [x, kernel], outputs: [y] }) => {
    const image = imageShape(x!.shape);
    const [batch, outHeight, outWidth] = imageShape(y!.shape);
    const [taps, inPerGroup, out] = kernelShape(kernel!.shape);
    if (sizeOf(y!.shape) === 0) return { commands: [] };
    const rows = batch * outHeight * outWidth;
    const command = productCommand({
      rows,
      columns: out / attrs.groups,
      inner: taps * inPerGroup,
      flags: { patchesA: true, sharedRows: true, copiedB: isWorthCopying(out, rows), ...options },
      aStep: 0,
      bStep: out,
      cStep: out,
      matrices: groupOffsets(attrs.groups, inPerGroup, out / attrs.groups, out / attrs.groups),
      patches: describePatches({
        image,
        channels: inPerGroup,
        positions: [outHeight, outWidth],
        strides: attrs.strides,
        taps: windowTaps(attrs),
      }),
    });
    return { commands: [command] };
  };
}

/** dKernel [taps · in, out] = patches of x, transposed [taps · in, positions] × dy [positions, out]. */
export function conv2dKernelGradientKernel(options: ProductOptions): WasmKernel<'conv2dKernelGradient'> {
  return ({ attrs, inputs: [x, dy], outputs: [dKernel] }) => {
    const image = imageShape(x!.shape);
    const [batch, outHeight, outWidth] = imageShape(dy!.shape);
    const [taps, inPerGroup, out] = kernelShape(dKernel!.shape);
    if (sizeOf(dKernel!.shape) === 0) return { commands: [] };
    const rows = taps * inPerGroup;
    const columns = out / attrs.groups;
    const command = productCommand({
      rows,
      columns,
      inner: batch * outHeight * outWidth,
      flags: { patchesA: true, transposedA: true, sharedRows: rows >= columns, copiedB: isWorthCopying(out, rows), ...options },
      aStep: 0,
      bStep: out,
      cStep: out,
      matrices: groupOffsets(attrs.groups, inPerGroup, columns, columns),
      patches: describePatches({
        image,
        channels: inPerGroup,
        positions: [outHeight, outWidth],
        strides: attrs.strides,
        taps: windowTaps(attrs),
      }),
    });
    return { commands: [command] };
  };
}

/**
 * dx [pixels, in] = patches of dy [pixels, taps · out] × kernel [taps · out, in]. Pixels between the strides of the window are
 * reached by some of its taps only; those with the same taps make one product.
 */
export function conv2dInputGradientKernel(options: ProductOptions): WasmKernel<'conv2dInputGradient'> {
  return ({ attrs, inputs: [kernel, dy], outputs: [dx] }) => {
    const { groups, strides } = attrs;
    const image = imageShape(dy!.shape);
    const [batch, height, width, channels] = imageShape(dx!.shape);
    const [, inPerGroup, out] = kernelShape(kernel!.shape);
    if (sizeOf(dx!.shape) === 0) return { commands: [] };
    const outPerGroup = out / groups;
    const phases = phasesAlong(0, height, attrs).flatMap((row) => phasesAlong(1, width, attrs).map((column) => [row, column] as const));
    const commands = phases.map(([row, column]) => {
      const taps = row.taps.flatMap((r) =>
        column.taps.map((c): Tap => [r.offset, c.offset, (r.index * attrs.window[1] + c.index) * inPerGroup * out]),
      );
      const corner = 4 * channels * (row.first * width + column.first);
      return swappedProductCommand({
        rows: batch * row.count * column.count,
        columns: inPerGroup,
        inner: taps.length * outPerGroup,
        flags: { patchesA: true, tapsB: true, pixelsC: phases.length > 1, sharedRows: true, ...options },
        aStep: 0,
        bStep: out,
        cStep: channels,
        matrices: groupOffsets(groups, outPerGroup, outPerGroup, inPerGroup).map(([a, b, c]): MatrixOffsets => [a, b, c + corner]),
        patches: describePatches({
          image,
          channels: outPerGroup,
          positions: [row.count, column.count],
          strides: [1, 1],
          taps,
          pixelSteps: [channels * width * height, channels * width * strides[0], channels * strides[1]],
        }),
      });
    });
    return { commands };
  };
}

/** A cell of the window: its row and column against a position, and which element of the kernel it begins with. */
type Tap = readonly [row: number, column: number, kernelElement: number];

interface Patches {
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
function describePatches({ image, channels, positions, strides, taps, pixelSteps = [0, 0, 0] }: Patches): number[] {
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

function windowTaps({ window, padding, dilations }: WindowAttrs): Tap[] {
  return Array.from({ length: window[0] * window[1] }, (_, index) => [
    Math.floor(index / window[1]) * dilations[0] - padding[0][0],
    (index % window[1]) * dilations[1] - padding[1][0],
    0,
  ]);
}

/** Every stride-th row (or column) of an input from `first` on, and which of the window's rows reach it from which position, in their order. */
interface Phase {
  readonly first: number;
  readonly count: number;
  readonly taps: readonly { readonly index: number; readonly offset: number }[];
}

function phasesAlong(axis: 0 | 1, extent: number, { window, strides, padding, dilations }: WindowAttrs): Phase[] {
  const stride = strides[axis];
  return Array.from({ length: Math.min(stride, extent) }, (_, first) => ({
    first,
    count: Math.ceil((extent - first) / stride),
    taps: Array.from({ length: window[axis] }, (_, index) => ({
      index,
      offset: (first + padding[axis][0] - index * dilations[axis]) / stride,
    }))
      .filter(({ offset }) => Number.isInteger(offset))
      .toReversed(),
  }));
}

/** Bytes to the channels of each group in the operands and the result, given how many they have. */
function groupOffsets(groups: number, a: number, b: number, c: number): MatrixOffsets[] {
  return Array.from({ length: groups }, (_, group) => [4 * group * a, 4 * group * b, 4 * group * c]);
}

function imageShape(shape: Shape): ImageShape {
  return shape as ImageShape;
}

/** How many taps, channels in per group, and channels out. */
function kernelShape(shape: Shape): readonly [number, number, number] {
  const [rows, columns, inPerGroup, out] = shape as readonly [number, number, number, number];
  return [rows * columns, inPerGroup, out];
}
