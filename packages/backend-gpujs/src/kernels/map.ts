// `map`, and what else reads every element of its output from one place: `transpose` and `slice`.
import { mergeAxes, operandStrides, sizeOf, stridesOf } from '@nn/core';
import type { Shape } from '@nn/core';
import { computationOf } from '../source/expression.ts';
import { elementText, gridOf } from '../source/grid.ts';
import { packInputs } from '../source/pack.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { GpuStep } from '../source/stage.ts';
import type { Target } from '../source/target.ts';
import type { GpuKernel } from './kernel.ts';

export const map: GpuKernel<'map'> =
  (target) =>
  ({ attrs: { expression }, inputs, outputs }) => {
    const { shape } = outputs[0]!;
    if (sizeOf(shape) === 0) return nothing;
    const { stages, operands, places } = packInputs(target, inputs);
    const loop = mergeAxes({ shape, strides: [stridesOf(shape), ...inputs.map((input) => operandStrides(input.shape, shape))] });
    const grid = gridOf(loop.shape, target.grid);
    const read = (input: number): string => {
      const { array, offset } = places[input]!;
      return elementText(array, grid.indices, loop.strides[input + 1]!, offset);
    };
    const source = kernelSource(target, grid, operands.length, computationOf(expression, target.dialect, read));
    return { stages: [...stages, { kind: 'kernel', source, operands }] };
  };

export const transpose: GpuKernel<'transpose'> =
  (target) =>
  ({ attrs: { order }, inputs: [input], outputs: [output] }) => {
    const strides = stridesOf(input!.shape);
    return stridedCopy(target, {
      shape: output!.shape,
      strides: order.map((axis) => strides[axis]!),
      offset: 0,
    });
  };

export const slice: GpuKernel<'slice'> =
  (target) =>
  ({ attrs: { begin, step }, inputs: [input], outputs: [output] }) => {
    const strides = stridesOf(input!.shape);
    return stridedCopy(target, {
      shape: output!.shape,
      strides: strides.map((stride, axis) => stride * step[axis]!),
      offset: begin.reduce((sum, index, axis) => sum + index * strides[axis]!, 0),
    });
  };

/** Element (i, j, …) is the input's at offset + i · strides[0] + j · strides[1] + … */
function stridedCopy(
  target: Target,
  { shape, strides, offset }: { readonly shape: Shape; readonly strides: readonly number[]; readonly offset: number },
): GpuStep {
  if (sizeOf(shape) === 0) return nothing;
  const loop = mergeAxes({ shape, strides: [stridesOf(shape), strides] });
  const grid = gridOf(loop.shape, target.grid);
  const result = elementText(0, grid.indices, loop.strides[1]!, offset);
  return singleKernel(kernelSource(target, grid, 1, { statements: [], result }), 1);
}
