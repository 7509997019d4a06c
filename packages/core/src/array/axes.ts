// Axes as few and long as possible: loops over an array in which several operands take part, each with strides of its own.
import { stretchedStrides } from './shape.ts';
import type { Shape } from './shape.ts';

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

/** Strides of an operand of `shape` stretched to `target`; a scalar stretches to any rank. */
export function operandStrides(shape: Shape, target: Shape): number[] {
  return shape.length === 0 ? target.map(() => 0) : stretchedStrides(shape, target);
}

/** Distances between neighbours in an operand of a matrix product. */
export interface MatrixStrides {
  /** Between its matrices, along each axis of the product's batch. */
  readonly matrices: readonly number[];
  /** Between rows and between columns of the matrix that is multiplied. */
  readonly row: number;
  readonly column: number;
}

/** Strides of an operand [..., rows, columns], or transposed, whose leading axes stretch to `batch`. */
export function matrixStrides(shape: Shape, batch: Shape, transposed: boolean): MatrixStrides {
  const [height, width] = shape.slice(-2) as [number, number];
  const matrices = stretchedStrides(shape, [...batch, height, width]).slice(0, -2);
  return transposed ? { matrices, row: 1, column: width } : { matrices, row: width, column: 1 };
}
