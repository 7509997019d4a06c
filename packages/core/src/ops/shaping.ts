// Authoring functions that move elements without changing them.
import type { NdArray } from '../array/ndarray.ts';
import { resolveShape } from '../array/ndarray.ts';
import { normalizeAxis, sizeOf } from '../array/shape.ts';
import type { Shape } from '../array/shape.ts';
import { ShapeError } from '../errors/errors.ts';
import { resolveOptions } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { currentTrace } from '../program/trace.ts';
import * as scalar from '../scalar/index.ts';
import { emit } from './instructions.ts';

/** Puts a host array into the program. */
export function constant(array: NdArray): Tensor {
  return currentTrace('constant').constant(array);
}

/** The same elements in row-major order under another shape; one extent may be −1. @throws ShapeError when the sizes differ */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return emit('reshape', [x], { shape: resolveShape(shape, sizeOf(x.shape), 'reshape') });
}

/** Axes in another order, reversed by default: output axis i is input axis `order[i]`. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const rank = x.shape.length;
  return emit('transpose', [x], {
    order: order?.map((axis) => normalizeAxis(axis, rank, 'transpose')) ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  });
}

/** Elements begin, begin + step, … below end of each axis; `end` may be left out and counts from the end when negative. */
export function slice(
  x: Tensor,
  begin: readonly number[],
  end: readonly number[] = x.shape,
  step: readonly number[] = x.shape.map(() => 1),
): Tensor {
  const fromEnd = (index: number, axis: number): number => (index < 0 ? index + (x.shape[axis] ?? 0) : index);
  return emit('slice', [x], { begin: begin.map(fromEnd), end: end.map(fromEnd), step });
}

/** Arrays side by side along `axis`. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0];
  if (first === undefined) throw new ShapeError('concat takes one tensor or more, not none.', 'shape.invalid');
  return emit('concat', tensors, { axis: normalizeAxis(axis, first.shape.length, 'concat') });
}

export interface PadOptions {
  /** Values put between neighbours, per axis; none by default. */
  readonly interior?: readonly number[];
  /** What is put there; 0 by default. */
  readonly value?: number;
}

/** `value` before (`low`) and after (`high`) the elements of each axis. */
export function pad(x: Tensor, low: readonly number[], high: readonly number[], options: PadOptions = {}): Tensor {
  const attrs = resolveOptions<Required<PadOptions>>('pad', options, { interior: x.shape.map(() => 0), value: 0 });
  return emit('pad', [x], { low, high, ...attrs });
}

/** Entries of `x` along `axis` at `indices` (i32, rank 1). An index out of range gives NaN (f32) or 0. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return emit('gather', [x, indices], { axis: normalizeAxis(axis, x.shape.length, 'gather') });
}

/** Zeros with `extent` along `axis`, to which each entry of `updates` is added at its index; out-of-range indices add nothing. */
export function scatterAdd(updates: Tensor, indices: Tensor, extent: number, axis = 0): Tensor {
  return emit('scatterAdd', [updates, indices], { axis: normalizeAxis(axis, updates.shape.length, 'scatterAdd'), extent });
}

/** i32: each element is its own index along `axis`. */
export function iota(shape: Shape, axis: number): Tensor {
  return emit('iota', [], { shape, axis: normalizeAxis(axis, shape.length, 'iota') });
}

/** f32 [n, classes]: 1 at each index, else 0; a row of zeros for an index out of range. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  const column = emit('reshape', [indices], { shape: [sizeOf(indices.shape), 1] });
  const position = iota([sizeOf(indices.shape), classes], 1);
  return emit('map', [column, position], {
    expression: scalar.cast(scalar.equal(scalar.input(0, 'i32'), scalar.input(1, 'i32')), 'f32'),
  });
}
