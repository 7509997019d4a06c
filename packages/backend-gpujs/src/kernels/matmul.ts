// `matmul`: a cell per element of the product.
import { matrixStrides, mergeAxes, sizeOf, stridesOf } from '@nn/core';
import type { MatrixStrides, TensorSpec } from '@nn/core';
import { foldOfNothing, foldOver } from '../source/fold.ts';
import { elementText, gridOf } from '../source/grid.ts';
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
    const [left, right] = [matrixStrides(a.shape, batch, transposeA), matrixStrides(b.shape, batch, transposeB)];
    const loop = mergeAxes({ shape: batch, strides: [stridesOf(batch), left.matrices, right.matrices] });
    const grid = gridOf([...loop.shape, rows, columns], target.grid);
    const [row, column] = grid.indices.slice(-2) as [string, string];
    const matrices = grid.indices.slice(0, -2);
    const element = (array: number, cell: readonly string[], { row: down, column: across }: MatrixStrides): string =>
      elementText(array, [...matrices, ...cell], [...loop.strides[array + 1]!, down, across]);
    const product = foldOver('sum', [inner], ([k]) => `${element(0, [row, k!], left)} * ${element(1, [k!, column], right)}`);
    return singleKernel(kernelSource(target, grid, 2, product), 2);
  };
