// `maxPool2d` and `avgPool2d`: the largest element under a window, and their mean; with the gradient of the first.
import type { TensorSpec } from '../../array/dtype.ts';
import { specText } from '../../array/dtype.ts';
import { shapeText } from '../../array/shape.ts';
import { NdArray } from '../../array/ndarray.ts';
import { ConfigError } from '../../errors/errors.ts';
import { checkFlag, resolveOptions } from '../../errors/options.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { add, div, elementwise, maximum } from '../elementwise.ts';
import { expectInputs } from '../expect.ts';
import { constant } from '../shaping.ts';
import type { Composite } from '../spec.ts';
import type { Pair, WindowAttrs } from '../windows.ts';
import { checkPairs, cropImage, noPadding, overTap, padImage, paddedExtents, tapsOf, underTap, windowPositions } from '../windows.ts';
import { attains } from '../primitives/reduce.ts';
import { callComposite } from './composite.ts';

/** `overhang`: rows and columns past the padding that the last windows may reach over; they never count. */
export type PoolAttrs = WindowAttrs & { readonly overhang: readonly [number, number] };

/** Input: x [batch, height, width, channels]. At ties the gradient goes to the first element, row by row; NaN propagates. */
export const maxPool2dOp: Composite<'maxPool2d', PoolAttrs, 'y'> = {
  name: 'maxPool2d',
  kind: 'composite',
  outputNames: ['y'],
  check: (inputs, attrs) => checkPool('maxPool2d', inputs, attrs),
  decompose([x], attrs) {
    return { y: underTaps(x!, attrs, Number.NEGATIVE_INFINITY).reduce(maximum) };
  },
  vjp({ inputs: [x], outputs: [y], attrs, cotangents: [dy] }) {
    return [callComposite(maxPool2dGradientOp, [x!, y!, dy!], attrs).dx];
  },
  rounds: false,
};

/** Inputs: x, y and dy of `maxPool2d`. */
export const maxPool2dGradientOp: Composite<'maxPool2dGradient', PoolAttrs, 'dx'> = {
  name: 'maxPool2dGradient',
  kind: 'composite',
  outputNames: ['dx'],
  decompose([x, y, dy], attrs) {
    const padding = withOverhang(attrs);
    const extents = paddedExtents(x!.shape, padding);
    const taps = tapsOf(attrs);
    // What is left of dy for the taps that follow: the first that attains the maximum takes all of it.
    let left = dy!;
    const images = underTaps(x!, attrs, Number.NEGATIVE_INFINITY).map((values, index) => {
      const taken = elementwise((value, largest, rest) => scalar.select(attains(value, largest), rest, 0), values, y!, left);
      left = elementwise((value, largest, rest) => scalar.select(attains(value, largest), 0, rest), values, y!, left);
      return overTap(taken, taps[index]!, extents, attrs.strides);
    });
    return { dx: cropImage(images.reduce(add), padding) };
  },
  rounds: true,
};

/** Input: x [batch, height, width, channels]. */
export const avgPool2dOp: Composite<'avgPool2d', PoolAttrs & { readonly countPadding: boolean }, 'y'> = {
  name: 'avgPool2d',
  kind: 'composite',
  outputNames: ['y'],
  check: (inputs, attrs) => checkPool('avgPool2d', inputs, attrs),
  decompose([x], attrs) {
    const total = underTaps(x!, attrs, 0).reduce(add);
    return { y: div(total, constant(countsUnder(x!, attrs))) };
  },
  rounds: true,
};

/** For each cell of the window, what lies under it at every position. */
function underTaps(x: Tensor, attrs: PoolAttrs, outside: number): Tensor[] {
  const padding = withOverhang(attrs);
  const positions = windowPositions('pooling', x, { ...attrs, padding });
  const padded = padImage(x, padding, outside);
  return tapsOf(attrs).map((tap) => underTap(padded, tap, positions, attrs.strides));
}

function withOverhang({ padding: [rows, columns], overhang }: PoolAttrs): WindowAttrs['padding'] {
  return [
    [rows[0], rows[1] + overhang[0]],
    [columns[0], columns[1] + overhang[1]],
  ];
}

/** How many elements count under the window: f32 [1, rows, columns, 1]. */
function countsUnder(x: TensorSpec, attrs: PoolAttrs & { readonly countPadding: boolean }): NdArray {
  const [rows, columns] = [countsAlong(0, x, attrs, attrs.countPadding), countsAlong(1, x, attrs, attrs.countPadding)];
  const counts = Float32Array.from(rows.flatMap((row) => columns.map((column) => row * column)));
  return new NdArray(counts, [1, rows.length, columns.length, 1], 'f32');
}

/** How many cells of the window lie over rows (or columns) that count, at each of its positions. */
function countsAlong(index: 0 | 1, x: TensorSpec, attrs: PoolAttrs, countPadding: boolean): number[] {
  const positions = windowPositions('pooling', x, { ...attrs, padding: withOverhang(attrs) })[index];
  const extent = x.shape[index + 1]!;
  const [before, after] = attrs.padding[index];
  const [from, to] = countPadding ? [0, before + extent + after] : [before, before + extent];
  return Array.from({ length: positions }, (_, position) => {
    const cells = Array.from(
      { length: attrs.window[index] },
      (_unused, cell) => position * attrs.strides[index] + cell * attrs.dilations[index],
    );
    return cells.filter((cell) => cell >= from && cell < to).length;
  });
}

/** @throws ConfigError where a window would have no element under it */
function checkPool(op: string, inputs: readonly TensorSpec[], attrs: PoolAttrs): void {
  const [x] = expectInputs(op, inputs, 1);
  windowPositions(op, x, { ...attrs, padding: withOverhang(attrs) });
  for (const index of [0, 1] as const) {
    const position = countsAlong(index, x, attrs, false).indexOf(0);
    if (position === -1) continue;
    throw new ConfigError(
      `${op}: with padding ${shapeText(attrs.padding[index])} over the ${index === 0 ? 'rows' : 'columns'} of x ${specText(x)}, ` +
        `window ${position} of ${attrs.window[index]} cells would lie in the padding alone.`,
    );
  }
}

/**
 * Rows and columns past the padding that the last windows reach over when a part of a window is enough ("ceil mode"). A window that
 * would begin behind the elements is left out.
 */
export function ceilOverhang(x: TensorSpec, attrs: WindowAttrs): [number, number] {
  const along = (index: 0 | 1): number => {
    const [before, after] = attrs.padding[index];
    const [stride, extent] = [attrs.strides[index], x.shape[index + 1]!];
    const rest = before + extent + after - ((attrs.window[index] - 1) * attrs.dilations[index] + 1);
    const steps = Math.ceil(rest / stride);
    const last = steps * stride >= before + extent ? steps - 1 : steps;
    return Math.max(0, last * stride - rest);
  };
  return [along(0), along(1)];
}

export interface PoolOptions {
  /** Default: the window, so that windows touch and do not overlap. */
  readonly strides?: readonly [number, number];
  /** Before and after the rows, before and after the columns: default none. */
  readonly padding?: WindowAttrs['padding'];
  /** Steps between the cells of the window: default [1, 1]. */
  readonly dilations?: readonly [number, number];
  /** Rows and columns past the padding that the last windows may reach over: default none; see {@link ceilOverhang}. */
  readonly overhang?: readonly [number, number];
}

/**
 * The largest element under a window.
 * @param x f32 [batch, height, width, channels] @param window [rows, columns]
 * @throws ShapeError, DTypeError, ConfigError
 */
export function maxPool2d(x: Tensor, window: readonly [number, number], options: PoolOptions = {}): Tensor {
  const attrs = { window, ...resolveOptions('maxPool2d', options, poolDefaults(window)) };
  return callComposite(maxPool2dOp, [x], checkAttrs('maxPool2d', attrs)).y;
}

/**
 * The mean of the elements under a window.
 * @param x f32 [batch, height, width, channels] @param window [rows, columns]
 * @param options countPadding: whether padding counts as elements of value 0 (default false)
 * @throws ShapeError, DTypeError, ConfigError
 */
export function avgPool2d(
  x: Tensor,
  window: readonly [number, number],
  options: PoolOptions & { readonly countPadding?: boolean } = {},
): Tensor {
  const attrs = { window, ...resolveOptions('avgPool2d', options, { ...poolDefaults(window), countPadding: false }) };
  checkFlag('avgPool2d', 'countPadding', attrs.countPadding);
  return callComposite(avgPool2dOp, [x], checkAttrs('avgPool2d', attrs)).y;
}

function poolDefaults(window: Pair): Required<PoolOptions> {
  return { strides: window, ...noPadding, dilations: [1, 1], overhang: [0, 0] };
}

function checkAttrs<Attrs extends PoolAttrs>(op: string, attrs: Attrs): Attrs {
  const { window, strides, dilations, overhang } = attrs;
  checkPairs(op, attrs.padding, { window, strides, dilations, overhang });
  return attrs;
}
