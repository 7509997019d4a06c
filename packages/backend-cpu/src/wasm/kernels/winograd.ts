// Convolutions by Winograd's algorithm, where windows are 3 × 3 and channels many. The transformed kernel is in the workspace of the step.
// The arguments of `product` are behind those of the algorithm, because it computes the direct way what does not come out finite.
import type { CompositeAttrs } from '@nn/core';
import type { WasmCommand, WasmStep } from '../command.ts';
import type { ImageShape, Pair } from './convolutionPatches.ts';
import { components, mostChannels, mostLineBytes, mostTileBytes } from './winogradLayout.ts';

/** A convolution with the taps of a window of 3 × 3 one pixel apart. */
export interface Convolution {
  readonly image: ImageShape;
  /** Rows and columns of zeros before the image. */
  readonly padding: Pair;
  /** Rows, columns and channels of its result. */
  readonly result: readonly [rows: number, columns: number, channels: number];
}

/** From how many channels on transforming costs less than it saves, and for how many pixels the transform of the kernel does. */
const fewestChannels = 16;
const fewestPixels = 128;
const mostKernelsPerPixel = 256;
/** What tiles that hang over the edge may add to those inside. */
const mostSurplus = 1.5;
/** Bytes that are transformed at once, where lines are not longer: they stay in the second cache. */
const cachedBytes = 393216;
/** How many lines a convolution can tell apart where something is not finite. */
const mostLines = 64;

/** Whether Winograd's algorithm is possible and faster. */
export function isWinograd({ window, strides, dilations, groups }: CompositeAttrs['conv2d'], convolution: Convolution): boolean {
  const { image, padding, result } = convolution;
  const [batch, , , channels] = image;
  const [rows, columns, resultChannels] = result;
  const hasWindow = groups === 1 && [...window, ...strides, ...dilations].every((value, index) => value === (index < 2 ? 3 : 1));
  return (
    hasWindow &&
    padding.every((before) => before >= 0 && before <= 2) &&
    [channels, resultChannels].every((count) => count % 8 === 0 && count >= fewestChannels && count <= mostChannels) &&
    batch * rows * columns >= Math.max(fewestPixels, (channels * resultChannels) / mostKernelsPerPixel) &&
    4 * Math.ceil(rows / 2) * Math.ceil(columns / 2) <= mostSurplus * rows * columns &&
    4 * Math.max(channels, resultChannels) * (columns + 3) <= mostLineBytes &&
    bytesPerLine(convolution) <= mostTileBytes
  );
}

/** @param kernel which of the two inputs it is; the first one has its taps and channels the other way round */
export function winogradStep(convolution: Convolution, kernel: 'last' | 'first', product: WasmCommand): WasmStep {
  const [, height, width, channels] = convolution.image;
  const [rows, columns, resultChannels] = convolution.result;
  const lines = Math.max(1, Math.min(mostLines, Math.floor(cachedBytes / bytesPerLine(convolution))));
  const isReversed = kernel === 'first';
  const sizes = isReversed ? [resultChannels, channels] : [channels, resultChannels];
  const transform: WasmCommand = {
    kernel: 'winogradKernel',
    words: ({ inputs, workspace }) => [inputs[isReversed ? 0 : 1]!, workspace, ...sizes, Number(isReversed)],
    work: 10 * channels * resultChannels,
  };
  const words = [height, width, ...convolution.padding, rows, columns, channels, lines];
  const multiply: WasmCommand = {
    kernel: 'winogradConvolution',
    words: (pointers) => [pointers.workspace, ...words, ...product.words(pointers)],
    work: 0.6 * product.work,
  };
  return { commands: [transform, multiply], workspace: 4 * components * channels * resultChannels };
}

/** Bytes of the tiles of a line, and of what they are multiplied to. */
function bytesPerLine({ image: [, , , channels], result: [, columns, resultChannels] }: Convolution): number {
  return 4 * components * Math.ceil(columns / 2) * (channels + resultChannels);
}
