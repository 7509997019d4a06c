// Axes as few and long as possible: loops over an array in which several operands take part, each with strides of its own.
import { stretchedStrides } from '@nn/core';
import type { Shape } from '@nn/core';

/** Extents and, per operand, the distance between neighbours along each axis. */
export interface StridedLoop {
  readonly shape: Shape;
  readonly strides: readonly (readonly number[])[];
}

/** Drops axes of size 1 and joins neighbours wherever every operand steps through both as through one. */
export function mergeAxes({ shape, strides }: StridedLoop): StridedLoop {
  const extents: number[] = [];
  const merged: number[][] = strides.map(() => []);
  shape.forEach((extent, axis) => {
    if (extent === 1) return;
    const joins = extents.length > 0 && strides.every((stride, operand) => merged[operand]!.at(-1) === stride[axis]! * extent);
    if (joins) extents[extents.length - 1]! *= extent;
    else extents.push(extent);
    strides.forEach((stride, operand) => {
      if (joins) merged[operand]!.pop();
      merged[operand]!.push(stride[axis]!);
    });
  });
  return { shape: extents, strides: merged };
}

/** A loop as rows: row r of operand p starts at `starts[p][r]`, its elements are `strides[p]` apart. */
export interface Rows {
  readonly count: number;
  readonly length: number;
  readonly starts: readonly Int32Array[];
  readonly strides: readonly number[];
}

/** @param offsets where each operand begins, 0 by default */
export function rowsOf(loop: StridedLoop, offsets: readonly number[] = []): Rows {
  const { shape, strides } = mergeAxes(loop);
  const outer = shape.slice(0, -1);
  return {
    count: outer.reduce((product, extent) => product * extent, 1),
    length: shape.at(-1) ?? 1,
    starts: strides.map((stride, operand) => positions(outer, stride, offsets[operand] ?? 0)),
    strides: strides.map((stride) => stride.at(-1) ?? 0),
  };
}

/** For each index of `shape`, in row-major order: offset + Σ index[axis] · strides[axis]. */
export function positions(shape: Shape, strides: readonly number[], offset: number): Int32Array {
  const result = new Int32Array(shape.reduce((product, extent) => product * extent, 1)).fill(offset);
  let repeat = result.length;
  shape.forEach((extent, axis) => {
    repeat /= Math.max(1, extent);
    for (let element = 0; element < result.length; element++) {
      result[element]! += (Math.floor(element / repeat) % extent) * strides[axis]!;
    }
  });
  return result;
}

/** Strides of an operand of `shape` stretched to `target`; a scalar stretches to any rank. */
export function operandStrides(shape: Shape, target: Shape): number[] {
  return shape.length === 0 ? target.map(() => 0) : stretchedStrides(shape, target);
}
