// `matmul`: batched matrix products, and `linear`: one with a bias.
import { sizeOf, stretchedStrides } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import type { WasmCommand, WasmKernel } from '../command.ts';
import { isWorthCopying, productCommand, vectorProductCommand } from './product.ts';
import type { Extents, MatrixOffsets, Product, ProductOptions } from './product.ts';

const single: readonly MatrixOffsets[] = [[0, 0, 0]];

export function matmulKernel(options: ProductOptions): WasmKernel<'matmul'> {
  return ({ attrs: { transposeA, transposeB }, inputs: [a, b], outputs: [c] }) => {
    const { shape } = c!;
    if (sizeOf(shape) === 0) return { commands: [] };
    const [rows, columns] = shape.slice(-2) as [number, number];
    const inner = a!.shape.at(transposeA ? -2 : -1)!;
    // Matrices that are all multiplied by the same one are one matrix of more rows.
    const isOne = !transposeA && b!.shape.slice(0, -2).every((extent) => extent === 1);
    const extents = { rows: isOne ? sizeOf(shape) / columns : rows, columns, inner };
    const matrices = isOne ? single : matrixOffsets([a!, b!, c!], shape.slice(0, -2));
    return { commands: [command(plan(extents, transposeA, transposeB, matrices, options))] };
  };
}

export function linearKernel(options: ProductOptions): WasmKernel<'linear'> {
  return ({ inputs: [x, kernel] }) => {
    const [rows, inner] = x!.shape as [number, number];
    const columns = kernel!.shape[1]!;
    if (rows * columns === 0) return { commands: [] };
    return { commands: [command(plan({ rows, columns, inner }, false, false, single, options))] };
  };
}

function command(product: Product): WasmCommand {
  return product.rows === 1 || product.columns === 1 ? vectorProductCommand(product) : productCommand(product);
}

/** How the product is done. */
function plan(
  extents: Extents,
  transposeA: boolean,
  transposeB: boolean,
  matrices: readonly MatrixOffsets[],
  { wideTiles }: ProductOptions,
): Product {
  const { rows, columns, inner } = extents;
  // The tiles of the kernel have three rows at least; it finds them in a copy of a, where a has less.
  const copyA = transposeA && (rows < 3 || isWorthCopying(rows, columns));
  const flags = {
    transposedA: transposeA,
    transposedB: transposeB,
    copiedA: copyA,
    copiedB: isWorthCopying(columns, rows),
    // Threads that share the columns would all copy the whole of a.
    sharedRows: copyA && rows > columns,
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
