// `matmul`: a cell per element of the product.
import { mergeAxes, sizeOf, stridesOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import { foldOfNothing, foldOver } from '../source/fold.ts';
import { gridOf, positionText } from '../source/grid.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { GpuKernel } from './kernel.ts';

export const matmul: GpuKernel<'matmul'> =
  (target) =>
  ({ attrs: { transposeA, transposeB }, inputs, outputs }) => {
    const [a, b] = inputs as [TensorSpec, TensorSpec];
    const { shape } = outputs[0]!;
    if (sizeOf(shape) === 0) return nothing;
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    if (inner === 0) {
      const grid = gridOf([sizeOf(shape)], target.grid);
      return singleKernel(kernelSource(target, grid, 0, { statements: [], result: foldOfNothing('sum') }), 0);
    }
    const [rows, columns] = shape.slice(-2) as [number, number];
    const batch = shape.slice(0, -2);
    const loop = mergeAxes({ shape: batch, strides: [stridesOf(batch), batchStrides(a.shape, batch), batchStrides(b.shape, batch)] });
    const grid = gridOf([...loop.shape, rows, columns], target.grid);
    const [row, column] = grid.indices.slice(-2) as [string, string];
    const matrices = grid.indices.slice(0, -2);
    const [aRow, aInner] = matrixStrides(a.shape, transposeA);
    const [bInner, bColumn] = matrixStrides(b.shape, transposeB);
    const element = (array: number, others: readonly string[], strides: readonly number[]): string =>
      `a${array}[${positionText([...matrices, ...others], [...loop.strides[array + 1]!, ...strides])}]`;
    const product = foldOver(
      'sum',
      [inner],
      ([k]) => `${element(0, [row, k!], [aRow, aInner])} * ${element(1, [k!, column], [bInner, bColumn])}`,
    );
    return singleKernel(kernelSource(target, grid, 2, product), 2);
  };

/** Strides of the rows and the columns of a matrix that may be given transposed. */
function matrixStrides(shape: Shape, transposed: boolean): [number, number] {
  const width = shape.at(-1)!;
  return transposed ? [1, width] : [width, 1];
}

/** Strides of the leading axes, 0 where they stretch. */
function batchStrides(shape: Shape, batch: Shape): number[] {
  return stridesOf(shape)
    .slice(0, -2)
    .map((stride, axis) => (shape[axis] === 1 && batch[axis] !== 1 ? 0 : stride));
}
