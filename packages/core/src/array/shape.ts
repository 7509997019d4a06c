// Shapes: validation, sizes, strides and the broadcasting rule.
import { ShapeError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';

/** Extents of an array, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The largest extent and the largest number of elements: indices must fit a signed 32-bit integer on every backend. */
export const maxExtent = 2 ** 31 - 1;

/** `[2, 3]` as text. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * The number of elements.
 * @throws ShapeError when an extent is negative, fractional, NaN or above 2³¹ − 1, or when the product is.
 */
export function sizeOf(shape: Shape): number {
  expectShape(shape);
  let size = 1;
  // By index: it is asked for every array of every run, where an iterator would be most of what is allocated.
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis]!;
    if (!Number.isInteger(extent) || extent < 0 || extent > maxExtent) {
      throw new ShapeError(
        `Shape ${shapeText(shape)} has the extent ${extent}; extents are integers from 0 to ${maxExtent}.`,
        'shape.invalid',
      );
    }
    size *= extent;
  }
  if (size > maxExtent) {
    throw new ShapeError(`Shape ${shapeText(shape)} has ${size} elements; an array holds at most ${maxExtent}.`, 'shape.invalid');
  }
  return size;
}

/** @throws ShapeError unless it is a list */
export function expectShape(shape: Shape): void {
  if (!Array.isArray(shape))
    throw new ShapeError(`A shape is a list of extents, such as [2, 3], not ${valueText(shape)}.`, 'shape.invalid');
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Distance in elements between neighbours along each axis of a contiguous row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Strides for reading an array as if stretched to `target`: 0 along axes of size 1. Both have the same rank. */
export function stretchedStrides(shape: Shape, target: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => (shape[axis] === 1 && target[axis] !== 1 ? 0 : stride));
}

/**
 * The common shape of arrays of equal rank, axes of size 1 stretched.
 * @throws ShapeError naming `what` when two extents differ and neither is 1.
 */
export function stretchShapes(shapes: readonly Shape[], what: string): Shape {
  const rank = shapes[0]?.length ?? 0;
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    if (shape.length !== rank) {
      throw new ShapeError(`${what}: shapes ${shapes.map(shapeText).join(' and ')} differ in rank.`);
    }
    shape.forEach((extent, axis) => {
      if (extent === 1 || extent === result[axis]) return;
      if (result[axis] !== 1) {
        throw new ShapeError(
          `${what}: shapes ${shapes.map(shapeText).join(' and ')} do not fit: axis ${axis} has ${result[axis]} and ${extent}. ` +
            'Extents must be equal or 1.',
        );
      }
      result[axis] = extent;
    });
  }
  return result;
}

/** `shape` with ones in front up to `rank` axes: NumPy's alignment from the right. */
export function alignRight(shape: Shape, rank: number): Shape {
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/**
 * Axes as sorted, unique, non-negative numbers; `undefined` is all of them and −1 the last.
 * @throws ShapeError when an axis is out of range or given twice.
 */
export function normalizeAxes(axes: number | readonly number[] | undefined, rank: number, what: string): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = [axes].flat().map((axis) => normalizeAxis(axis, rank, what));
  list.sort((a, b) => a - b);
  if (list.some((axis, index) => axis === list[index - 1])) {
    throw new ShapeError(`${what}: axes ${shapeText([axes].flat())} name an axis twice.`);
  }
  return list;
}

/** One axis as a non-negative number. @throws ShapeError when out of range. */
export function normalizeAxis(axis: number, rank: number, what: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(`${what}: axis ${axis} does not exist in an array of rank ${rank}.`);
  }
  return axis < 0 ? axis + rank : axis;
}
