// `matmul`: batched matrix products, and `linear`: one with a bias.
import { sizeOf, stretchedStrides } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import type { WasmCommand, WasmKernel } from '../command.ts';
import { farApart, productCommand, vectorProductCommand } from './product.ts';
import type { Extents, MatrixOffsets, Product, ProductOptions } from './product.ts';

export function matmulKernel(options: ProductOptions): WasmKernel<'matmul'> {
  return ({ attrs: { transposeA, transposeB }, inputs: [a, b], outputs: [c] }) => {
    const { shape } = c!;
    if (sizeOf(shape) === 0) return { commands: [] };
    const [rows, columns] = shape.slice(-2) as [number, number];
    const inner = a!.shape.at(transposeA ? -2 : -1)!;
    const matrices = matrixOffsets([a!, b!, c!], shape.slice(0, -2));
    return { commands: [command(plan({ rows, columns, inner }, transposeA, transposeB, matrices, options))] };
  };
}

export function linearKernel(options: ProductOptions): WasmKernel<'linear'> {
  return ({ inputs: [x, kernel] }) => {
    const [rows, inner] = x!.shape as [number, number];
    const columns = kernel!.shape[1]!;
    if (rows * columns === 0) return { commands: [] };
    return { commands: [command(plan({ rows, columns, inner }, false, false, [[0, 0, 0]], options))] };
  };
}

function command(product: Product): WasmCommand {
  return product.rows === 1 || product.columns === 1 ? vectorProductCommand(product) : productCommand(product);
}

/** How the product is done. */
export function plan(
  extents: Extents,
  transposeA: boolean,
  transposeB: boolean,
  matrices: readonly MatrixOffsets[],
  { wideTiles }: ProductOptions,
): Product {
  const { rows, columns, inner } = extents;
  const flags = {
    transposedA: transposeA,
    transposedB: transposeB,
    copiedA: transposeA && (rows < 3 || farApart(rows)),
    copiedB: rows >= 48 && farApart(columns),
    // What has to be copied is best divided between the threads.
    sharedRows: transposeA && rows > columns,
    wideTiles,
  };
  return { ...extents, flags, aStep: transposeA ? rows : inner, bStep: transposeB ? inner : columns, cStep: columns, matrices };
}

/** Bytes to each matrix of a batch; axes that are stretched repeat. */
function matrixOffsets(operands: readonly TensorSpec[], batch: Shape): MatrixOffsets[] {
  const strides = operands.map(({ shape }) => stretchedStrides(shape, [...batch, ...shape.slice(-2)]));
  return Array.from({ length: sizeOf(batch) }, (_, matrix) => {
    const offsets: [number, number, number] = [0, 0, 0];
    for (let axis = batch.length - 1, rest = matrix; axis >= 0; axis--) {
      const index = rest % batch[axis]!;
      rest = (rest - index) / batch[axis]!;
      strides.forEach((stride, operand) => (offsets[operand]! += 4 * index * stride[axis]!));
    }
    return offsets;
  });
}
