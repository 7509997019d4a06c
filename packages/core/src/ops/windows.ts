// Sliding windows over images: the geometry that convolution and pooling share, and their taps as strided slices.
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import { ConfigError, ShapeError } from '../errors/errors.ts';
import { checkInteger, valueText } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { expectDTypeOf, expectRank } from './expect.ts';
import { emit } from './instructions.ts';

export type Pair = readonly [number, number];

/** How a window moves over the rows and columns of an image [batch, height, width, channels]. */
export type WindowAttrs = {
  /** Extent of the window: [rows, columns]. */
  readonly window: Pair;
  readonly strides: Pair;
  /** Before and after the rows, before and after the columns. */
  readonly padding: readonly [Pair, Pair];
  readonly dilations: Pair;
};

/** What windows move over unless told otherwise: the image alone. */
export const noPadding: Pick<WindowAttrs, 'padding'> = {
  padding: [
    [0, 0],
    [0, 0],
  ],
};

/** @throws ConfigError in the name of `op` unless the padding and each of `pairs` have what rows and columns need */
export function checkPairs(op: string, padding: WindowAttrs['padding'], pairs: Readonly<Record<string, Pair>>): void {
  expectPairs(op, '[rows, columns]', pairs);
  expectPairs(op, '[[top, bottom], [left, right]]', { padding });
  expectPairs(op, '[before, after]', { 'padding[0]': padding[0], 'padding[1]': padding[1] });
}

function expectPairs(op: string, form: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Array.isArray(value) || value.length !== 2) throw new ConfigError(`${op}: ${name} is ${valueText(value)}; it is ${form}.`);
  }
}

/** The two axes of an image that a window moves along. */
const imageAxes = [1, 2] as const;

/** Number of window positions along rows and columns. @throws ConfigError, ShapeError in the name of `op` */
export function windowPositions(op: string, x: TensorSpec, { window, strides, padding, dilations }: WindowAttrs): [number, number] {
  expectRank(op, 'x', x, 4);
  expectDTypeOf(op, 'x', x, 'f32');
  const along = (index: 0 | 1): number => {
    const axis = index === 0 ? 'rows' : 'columns';
    const [before, after] = padding[index];
    checkInteger(op, `the window over ${axis}`, window[index], { from: 1 });
    checkInteger(op, `the stride over ${axis}`, strides[index], { from: 1 });
    checkInteger(op, `the dilation of ${axis}`, dilations[index], { from: 1 });
    checkInteger(op, `the padding of ${axis}`, Math.min(before, after), { from: 0 });
    const reach = (window[index] - 1) * dilations[index] + 1;
    const padded = x.shape[imageAxes[index]]! + before + after;
    if (reach > padded) {
      throw new ShapeError(
        `${op}: the window reaches over ${reach} ${axis}, but x ${specText(x)} has ${padded}, padding included. A smaller window or more padding is needed.`,
      );
    }
    return Math.floor((padded - reach) / strides[index]) + 1;
  };
  return [along(0), along(1)];
}

/** One cell of the window: where its elements begin in the padded image. */
export interface Tap {
  readonly row: number;
  readonly column: number;
}

/** The cells of a window, row by row. */
export function tapsOf({ window, dilations }: WindowAttrs): Tap[] {
  return Array.from({ length: window[0] * window[1] }, (_, index) => ({
    row: Math.floor(index / window[1]) * dilations[0],
    column: (index % window[1]) * dilations[1],
  }));
}

/** The image with `value` around it. */
export function padImage(x: Tensor, padding: WindowAttrs['padding'], value: number): Tensor {
  if (padding.flat().every((count) => count === 0)) return x;
  return emit('pad', [x], {
    low: [0, padding[0][0], padding[1][0], 0],
    high: [0, padding[0][1], padding[1][1], 0],
    interior: [0, 0, 0, 0],
    value,
  });
}

/** The image without what `padImage` put around it. */
export function cropImage(padded: Tensor, padding: WindowAttrs['padding']): Tensor {
  const [batch, rows, columns, channels] = padded.shape as readonly [number, number, number, number];
  return emit('slice', [padded], {
    begin: [0, padding[0][0], padding[1][0], 0],
    end: [batch, rows - padding[0][1], columns - padding[1][1], channels],
    step: [1, 1, 1, 1],
  });
}

/** The elements of a padded image that lie under one cell of the window, for every position: [batch, rows, columns, channels]. */
export function underTap(padded: Tensor, tap: Tap, [rows, columns]: Pair, strides: Pair): Tensor {
  const [batch, , , channels] = padded.shape as readonly [number, number, number, number];
  return emit('slice', [padded], {
    begin: [0, tap.row, tap.column, 0],
    end: [batch, tap.row + (rows - 1) * strides[0] + 1, tap.column + (columns - 1) * strides[1] + 1, channels],
    step: [1, strides[0], strides[1], 1],
  });
}

/** The adjoint of {@link underTap}: values put where they were taken from, zeros elsewhere, in an image of the padded extents. */
export function overTap(values: Tensor, tap: Tap, [paddedRows, paddedColumns]: Pair, strides: Pair): Tensor {
  const [, rows, columns] = values.shape as readonly [number, number, number, number];
  return emit('pad', [values], {
    low: [0, tap.row, tap.column, 0],
    high: [0, paddedRows - tap.row - (rows - 1) * strides[0] - 1, paddedColumns - tap.column - (columns - 1) * strides[1] - 1, 0],
    interior: [0, strides[0] - 1, strides[1] - 1, 0],
    value: 0,
  });
}

/** Rows and columns of an image with its padding. */
export function paddedExtents([, rows, columns]: readonly number[], padding: WindowAttrs['padding']): [number, number] {
  return [rows! + padding[0][0] + padding[0][1], columns! + padding[1][0] + padding[1][1]];
}
