// An expression over arrays of the host as loops, compiled by core: right at every kink and NaN.
import type { KernelCall, MapAttrs, TypedArray } from '@nn/core';
import { scalar, stretchedStrides } from '@nn/core';
import { mergedLoops, offsetsOf } from './axes.ts';

/** Prepares one `map`: what is returned computes all elements of `output`. */
export function mapLoops({
  attrs: { expression },
  inputs,
  outputs: [result],
}: KernelCall<MapAttrs>): (arrays: readonly TypedArray[], output: TypedArray) => void {
  const { shape } = result!;
  const program = scalar.compileBlocks(expression);
  const all = inputs.map((input) => (input.shape.length === 0 ? shape.map(() => 0) : stretchedStrides(input.shape, shape)));
  const { extents, strides } = mergedLoops(shape, all);
  const [rows = 1, columns = 1] = extents.length === 1 ? [1, extents[0]!] : extents.slice(-2);
  const outer = extents.slice(0, -2);
  const starts = strides.map((list) => offsetsOf(outer, list.slice(0, -2)));
  const steps = strides.map((list) => ({ rowStride: list.at(-2) ?? 0, columnStride: list.at(-1) ?? 0 }));
  const turns = outer.reduce((product, extent) => product * extent, 1);
  return (arrays, output) => {
    for (let turn = 0; turn < turns; turn++) {
      const blocks = arrays.map((data, input) => ({ data, offset: starts[input]![turn]!, ...steps[input]! }));
      program.run(blocks, output, turn * rows * columns, rows, columns);
    }
  };
}
