// An expression over arrays of the host as loops, compiled by core: right at every kink and NaN.
import type { KernelCall, MapAttrs, TypedArray } from '@nn/core';
import { mergeAxes, operandStrides, scalar, sizeOf } from '@nn/core';
import { offsetsOf } from './offsets.ts';

/** Prepares one `map`: what is returned computes all elements of `output`. */
export function mapLoops({
  attrs: { expression },
  inputs,
  outputs: [result],
}: KernelCall<MapAttrs>): (arrays: readonly TypedArray[], output: TypedArray) => void {
  const { shape } = result!;
  const program = scalar.compileBlocks(expression);
  const { shape: extents, strides } = mergeAxes({ shape, strides: inputs.map((input) => operandStrides(input.shape, shape)) });
  const [rows = 1, columns = 1] = extents.length === 1 ? [1, extents[0]!] : extents.slice(-2);
  const outer = extents.slice(0, -2);
  const starts = strides.map((list) => offsetsOf(outer, list.slice(0, -2)));
  const steps = strides.map((list) => ({ rowStride: list.at(-2) ?? 0, columnStride: list.at(-1) ?? 0 }));
  const turns = sizeOf(outer);
  return (arrays, output) => {
    for (let turn = 0; turn < turns; turn++) {
      const blocks = arrays.map((data, input) => ({ data, offset: starts[input]![turn]!, ...steps[input]! }));
      program.run(blocks, output, turn * rows * columns, rows, columns);
    }
  };
}
