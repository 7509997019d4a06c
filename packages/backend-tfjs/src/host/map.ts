// `map` as loops over the device's memory, compiled from the expression by core: right at every kink and NaN.
import type { MapAttrs } from '@nn/core';
import { scalar, stretchedStrides } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { mergedLoops, offsetsOf } from './axes.ts';
import type { HostRuntime } from './hostRuntime.ts';

export function hostMap(runtime: HostRuntime): Prepare<MapAttrs> {
  return ({ attrs: { expression }, inputs, outputs: [output] }) => {
    const { shape, dtype } = output!;
    const program = scalar.compileBlocks(expression);
    const all = inputs.map((input) => (input.shape.length === 0 ? shape.map(() => 0) : stretchedStrides(input.shape, shape)));
    const { extents, strides } = mergedLoops(shape, all);
    const [rows = 1, columns = 1] = extents.length === 1 ? [1, extents[0]!] : extents.slice(-2);
    const outer = extents.slice(0, -2);
    const starts = strides.map((list) => offsetsOf(outer, list.slice(0, -2)));
    const steps = strides.map((list) => ({ rowStride: list.at(-2) ?? 0, columnStride: list.at(-1) ?? 0 }));
    const turns = outer.reduce((product, extent) => product * extent, 1);
    return (scope, tensors) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      const values = runtime.values(result);
      const arrays = tensors.map((tensor) => runtime.values(tensor));
      for (let turn = 0; turn < turns; turn++) {
        const blocks = arrays.map((data, input) => ({ data, offset: starts[input]![turn]!, ...steps[input]! }));
        program.run(blocks, values, turn * rows * columns, rows, columns);
      }
      return [result];
    };
  };
}
