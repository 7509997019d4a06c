// Authoring functions that move elements without changing them.
import type { ArrayLike } from '../array/ndarray.ts';
import { ndarray, resolveShape } from '../array/ndarray.ts';
import { normalizeAxis, sizeOf } from '../array/shape.ts';
import type { Shape } from '../array/shape.ts';
import { ConfigError, ShapeError } from '../errors/errors.ts';
import { resolveOptions, valueText } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { currentTrace } from '../program/trace.ts';
import * as scalar from '../scalar/index.ts';
import { axisOf, expectPerAxis, shapeOf } from './expect.ts';
import { emit } from './instructions.ts';

/** Puts a host array, or what makes one, into the program. @throws ShapeError, DTypeError as `ndarray` does */
export function constant(array: ArrayLike): Tensor {
  return currentTrace('constant').constant(ndarray(array));
}

/** The same elements in row-major order under another shape; one extent may be −1. @throws ShapeError when the sizes differ */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return emit('reshape', [x], { shape: resolveShape(shape, sizeOf(shapeOf('reshape', x)), 'reshape') });
}

/**
 * Axes in another order, reversed by default: output axis i is input axis `order[i]`.
 * @throws ShapeError for an order that does not name each axis once
 */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const shape = shapeOf('transpose', x);
  const axes = order ?? [...shape.keys()].reverse();
  expectPerAxis('transpose', 'the order', axes, x);
  return emit('transpose', [x], { order: axes.map((axis) => axisOf('transpose', x, axis)) });
}

/**
 * Elements begin, begin + step, … below end of each axis; `end` may be left out and counts from the end when negative.
 * @throws ShapeError for what is no list with an entry per axis, or does not lie within x
 */
export function slice(x: Tensor, begin: readonly number[], end?: readonly number[], step?: readonly number[]): Tensor {
  const shape = shapeOf('slice', x);
  const fromStart = (what: string, indices: readonly number[]): readonly number[] => {
    expectPerAxis('slice', what, indices, x);
    return indices.map((index, axis) => (index < 0 ? index + shape[axis]! : index));
  };
  return emit('slice', [x], { begin: fromStart('begin', begin), end: fromStart('end', end ?? shape), step: step ?? shape.map(() => 1) });
}

/** Arrays side by side along `axis`. @throws ShapeError for what is no list of tensors, or tensors that differ along another axis */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    const given = Array.isArray(tensors) ? 'none' : valueText(tensors);
    throw new ShapeError(`concat takes a list of one tensor or more, as in concat([a, b], 0), not ${given}.`, 'shape.invalid');
  }
  return emit('concat', tensors, { axis: axisOf('concat', tensors[0] as Tensor, axis) });
}

export interface PadOptions {
  /** Values put between neighbours, per axis; none by default. */
  readonly interior?: readonly number[];
  /** What is put there; 0 by default. */
  readonly value?: number;
}

/** `value` before (`low`) and after (`high`) the elements of each axis. */
export function pad(x: Tensor, low: readonly number[], high: readonly number[], options: PadOptions = {}): Tensor {
  const attrs = resolveOptions<Required<PadOptions>>('pad', options, { interior: shapeOf('pad', x).map(() => 0), value: 0 });
  if (typeof attrs.value !== 'number') throw new ConfigError(`pad: value is ${valueText(attrs.value)}; it is a number.`);
  return emit('pad', [x], { low, high, ...attrs });
}

/** Entries of `x` along `axis` at `indices` (i32, rank 1). An index out of range gives NaN (f32) or 0. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return emit('gather', [x, indices], { axis: axisOf('gather', x, axis) });
}

/** Zeros with `extent` along `axis`, to which each entry of `updates` is added at its index; out-of-range indices add nothing. */
export function scatterAdd(updates: Tensor, indices: Tensor, extent: number, axis = 0): Tensor {
  return emit('scatterAdd', [updates, indices], { axis: axisOf('scatterAdd', updates, axis), extent });
}

/** i32: each element is its own index along `axis`. */
export function iota(shape: Shape, axis: number): Tensor {
  return emit('iota', [], { shape, axis: normalizeAxis(axis, shape.length, 'iota') });
}

/** f32 [n, classes]: 1 at each index, else 0; a row of zeros for an index out of range. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  const count = sizeOf(shapeOf('oneHot', indices));
  const column = emit('reshape', [indices], { shape: [count, 1] });
  const position = iota([count, classes], 1);
  return emit('map', [column, position], {
    expression: scalar.cast(scalar.equal(scalar.input(0, 'i32'), scalar.input(1, 'i32')), 'f32'),
  });
}
