// `conv2d` and its gradients, as products in which patches of images take the place of a matrix. Patches are made block by block in
// the caches; the whole of them, nine times the image for a 3 × 3 kernel, never exists. Where every channel has a window of its own,
// there is no matrix to speak of, and kernels for that take over.
import { sizeOf } from '@nn/core';
import type { Shape } from '@nn/core';
import type { Pointers, WasmKernel, WasmStep } from '../command.ts';
import { describePatches, phasesAlong, windowTaps } from './convolutionPatches.ts';
import type { ImageShape, Pair, Tap, WindowAttrs } from './convolutionPatches.ts';
import { channelCommand, isWorthCopying, productCommand, withSwappedInputs } from './product.ts';
import type { MatrixOffsets, Product, ProductOptions } from './product.ts';
import { reduceKernel } from './reduce.ts';
import { isWinograd, winogradStep } from './winograd.ts';

/** y [positions, out] = patches of x [positions, taps · in] × kernel [taps · in, out], for each group of channels. */
export function conv2dKernel(options: ProductOptions): WasmKernel<'conv2d'> {
  return ({ attrs, inputs: [x, kernel], outputs: [y] }) => {
    const image = imageShape(x!.shape);
    const [batch, height, width, out] = imageShape(y!.shape);
    const [taps, inPerGroup, outPerGroup] = kernelShape(kernel!.shape, attrs.groups);
    if (sizeOf(y!.shape) === 0) return { commands: [] };
    const rows = batch * height * width;
    const byChannel = isByChannel(inPerGroup, outPerGroup);
    const product = {
      rows,
      columns: byChannel ? out : outPerGroup,
      inner: taps * inPerGroup,
      flags: { patchesA: true, sharedRows: true, copiedB: isWorthCopying(out, rows), ...options },
      aStep: 0,
      bStep: out,
      cStep: out,
      matrices: byChannel ? single : groupOffsets(attrs.groups, inPerGroup, outPerGroup, outPerGroup),
      patches: describePatches({
        image,
        channels: inPerGroup,
        positions: [height, width],
        strides: attrs.strides,
        taps: windowTaps(attrs, inPerGroup * out),
        pixelSteps: [out * width * height, out * width, out],
      }),
    };
    if (byChannel) return { commands: [channelCommand('channelConvolution', product)] };
    const convolution = { image, padding: paddingBefore(attrs), result: [height, width, out] } as const;
    if (isWinograd(attrs, convolution)) return winogradStep(convolution, 'last', productCommand(product));
    return { commands: [productCommand(product)] };
  };
}

/** dKernel [taps · in, out] = patches of x, transposed [taps · in, positions] × dy [positions, out]. */
export function conv2dKernelGradientKernel(options: ProductOptions): WasmKernel<'conv2dKernelGradient'> {
  return ({ attrs, inputs: [x, dy], outputs: [dKernel] }) => {
    const image = imageShape(x!.shape);
    const [batch, height, width, out] = imageShape(dy!.shape);
    const [taps, inPerGroup, outPerGroup] = kernelShape(dKernel!.shape, attrs.groups);
    if (sizeOf(dKernel!.shape) === 0) return { commands: [] };
    const positions = batch * height * width;
    const rows = taps * inPerGroup;
    const byChannel = isByChannel(inPerGroup, outPerGroup);
    const patches = describePatches({
      image,
      channels: inPerGroup,
      positions: [height, width],
      strides: attrs.strides,
      taps: windowTaps(attrs, inPerGroup * out),
    });
    const steps = { aStep: 0, bStep: out, cStep: out };
    if (byChannel) {
      const product = { rows: positions, columns: out, inner: taps, flags: {}, ...steps, matrices: single, patches };
      return { commands: [channelCommand('channelKernelGradient', product)] };
    }
    const product = {
      rows,
      columns: outPerGroup,
      inner: positions,
      flags: { patchesA: true, transposedA: true, sharedRows: rows >= outPerGroup, copiedB: isWorthCopying(out, rows), ...options },
      ...steps,
      matrices: groupOffsets(attrs.groups, inPerGroup, outPerGroup, outPerGroup),
      patches,
    };
    const parts = attrs.groups === 1 && rows < out ? partsOf(batch, height * width) : 1;
    return parts === 1 ? { commands: [productCommand(product)] } : inParts(product, parts, sizeOf(x!.shape), sizeOf(dy!.shape));
  };
}

/** In how many parts of as many images the gradient of a small kernel is added up, and from how many positions in each. */
const mostParts = 8;
const fewestPositions = 512;

/** The same for any number of threads. */
function partsOf(batch: number, positions: number): number {
  const most = Math.min(mostParts, Math.floor((batch * positions) / fewestPositions));
  for (let parts = most; parts > 1; parts--) if (batch % parts === 0) return parts;
  return 1;
}

/**
 * A product of patches, transposed, whose rows are fewer than its columns. Threads that shared the columns would all make the same patches,
 * so they share the images: each part of these has a sum of its own, in the workspace.
 * @param x how many elements the images have
 * @param dy how many elements the gradients have
 */
function inParts(product: Product, parts: number, x: number, dy: number): WasmStep {
  const size = product.rows * product.columns;
  const matrices = Array.from({ length: parts }, (_, part): MatrixOffsets => [
    4 * part * (x / parts),
    4 * part * (dy / parts),
    4 * part * size,
  ]);
  const multiply = productCommand({ ...product, inner: product.inner / parts, matrices });
  const sums = { shape: [parts, size], dtype: 'f32' } as const;
  const { commands } = reduceKernel({ attrs: { kind: 'sum', axes: [0] }, inputs: [sums], outputs: [{ ...sums, shape: [size] }] });
  return {
    commands: [
      { ...multiply, words: (pointers) => multiply.words({ ...pointers, outputs: [pointers.workspace] }) },
      ...commands.map(({ words, ...command }) => ({
        ...command,
        words: (pointers: Pointers) => words({ ...pointers, inputs: [pointers.workspace] }),
      })),
    ],
    workspace: 4 * parts * size,
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
    const [, inPerGroup, outPerGroup] = kernelShape(kernel!.shape, groups);
    if (sizeOf(dx!.shape) === 0) return { commands: [] };
    const byChannel = isByChannel(inPerGroup, outPerGroup);
    const out = groups * outPerGroup;
    const phases = phasesAlong(0, height, attrs).flatMap((row) => phasesAlong(1, width, attrs).map((column) => [row, column] as const));
    const commands = phases.map(([row, column]) => {
      const taps = row.taps.flatMap((r) =>
        column.taps.map((c): Tap => [r.offset, c.offset, (r.index * attrs.window[1] + c.index) * inPerGroup * out]),
      );
      const corner = 4 * channels * (row.first * width + column.first);
      const offsets = byChannel ? single : groupOffsets(groups, outPerGroup, outPerGroup, inPerGroup);
      const product = {
        rows: batch * row.count * column.count,
        columns: byChannel ? channels : inPerGroup,
        inner: taps.length * outPerGroup,
        flags: { patchesA: true, tapsB: true, pixelsC: phases.length > 1, sharedRows: true, ...options },
        aStep: 0,
        bStep: out,
        cStep: channels,
        matrices: offsets.map(([a, b, c]): MatrixOffsets => [a, b, c + corner]),
        patches: describePatches({
          image,
          channels: outPerGroup,
          positions: [row.count, column.count],
          strides: [1, 1],
          taps,
          pixelSteps: [channels * width * height, channels * width * strides[0], channels * strides[1]],
        }),
      };
      return withSwappedInputs(byChannel ? channelCommand('channelConvolution', product) : productCommand(product));
    });
    const [rowsBefore, columnsBefore] = paddingBefore(attrs);
    const convolution = { image, padding: [2 - rowsBefore, 2 - columnsBefore], result: [height, width, channels] } as const;
    if (commands.length === 1 && isWinograd(attrs, convolution)) return winogradStep(convolution, 'first', commands[0]!);
    return { commands };
  };
}

const single: readonly MatrixOffsets[] = [[0, 0, 0]];

/** Whether groups are single channels, in and out (depthwise). */
function isByChannel(inPerGroup: number, outPerGroup: number): boolean {
  return inPerGroup === 1 && outPerGroup === 1;
}

/** Bytes to the channels of each group in the operands and the result, given how many they have. */
function groupOffsets(groups: number, a: number, b: number, c: number): MatrixOffsets[] {
  return Array.from({ length: groups }, (_, group) => [4 * group * a, 4 * group * b, 4 * group * c]);
}

function paddingBefore({ padding: [rows, columns] }: WindowAttrs): Pair {
  return [rows[0], columns[0]];
}

function imageShape(shape: Shape): ImageShape {
  return shape as ImageShape;
}

/** How many taps, channels in and channels out per group. */
function kernelShape(shape: Shape, groups: number): readonly [number, number, number] {
  const [rows, columns, inPerGroup, out] = shape as readonly [number, number, number, number];
  return [rows * columns, inPerGroup, out / groups];
}
