// `matmul` and `linear`.
import { stridesOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import { positions } from '../loops/axes.ts';
import { prepareProduct } from '../loops/product.ts';
import type { MatrixLayout } from '../loops/product.ts';
import type { Workspace } from '../loops/workspace.ts';
import type { CpuKernel } from './kernel.ts';

export function matmulKernel(workspace: Workspace): CpuKernel<'matmul'> {
  return ({ attrs: { transposeA, transposeB }, inputs, outputs }) => {
    const [a, b] = inputs as [TensorSpec, TensorSpec];
    const { shape } = outputs[0]!;
    const [rows, columns] = shape.slice(-2) as [number, number];
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    const multiply = prepareProduct({ rows, columns, inner }, layoutOf(a.shape, transposeA), layoutOf(b.shape, transposeB), workspace);
    const batch = shape.slice(0, -2);
    const aStarts = matrixStarts(a.shape, batch);
    const bStarts = matrixStarts(b.shape, batch);
    return ([left, right], [output]) => {
      for (let matrix = 0; matrix < aStarts.length; matrix++) {
        multiply(
          left as Float32Array,
          aStarts[matrix]!,
          right as Float32Array,
          bStarts[matrix]!,
          output as Float32Array,
          matrix * rows * columns,
        );
      }
    };
  };
}

export function linearKernel(workspace: Workspace): CpuKernel<'linear'> {
  return ({ inputs }) => {
    const [x, kernel] = inputs as [TensorSpec, TensorSpec];
    const [rows, inner] = x.shape as [number, number];
    const columns = kernel.shape[1]!;
    const multiply = prepareProduct({ rows, columns, inner }, layoutOf(x.shape, false), layoutOf(kernel.shape, false), workspace);
    return ([left, right, bias], [output]) => {
      multiply(left as Float32Array, 0, right as Float32Array, 0, output as Float32Array, 0);
      if (bias !== undefined) addToRows(output as Float32Array, bias as Float32Array);
    };
  };
}

function layoutOf(shape: Shape, transposed: boolean): MatrixLayout {
  const width = shape.at(-1)!;
  return transposed ? { rowStride: 1, columnStride: width } : { rowStride: width, columnStride: 1 };
}

/** Where each matrix of a batch begins; stretched axes repeat. */
function matrixStarts(shape: Shape, batch: Shape): Int32Array {
  const strides = stridesOf(shape).slice(0, -2);
  return positions(
    batch,
    strides.map((stride, axis) => (shape[axis] === 1 && batch[axis] !== 1 ? 0 : stride)),
    0,
  );
}

function addToRows(rows: Float32Array, row: Float32Array): void {
  const { length } = row;
  for (let start = 0; start < rows.length; start += length) {
    for (let column = 0; column < length; column++) rows[start + column]! += row[column]!;
  }
}
