// `gather` and `scatterAdd` along one axis.
import { scalarTypeOf, sizeOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import { elementText, gridOf } from '../source/grid.ts';
import { sizeText } from '../source/parameters.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { GpuStep } from '../source/stage.ts';
import { foldOver } from '../source/fold.ts';
import type { Target } from '../source/target.ts';
import type { GpuKernel } from './kernel.ts';

/** An array seen as [outer, extent, inner] around one axis. */
function around(shape: Shape, axis: number): [outer: number, extent: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

/** Where an index is out of range: NaN for floats, else 0. */
function missing({ dtype }: TensorSpec, { dialect }: Target): string {
  return scalarTypeOf[dtype] === 'f32' && dtype !== 'u8' ? dialect.notANumber : '0';
}

export const gather: GpuKernel<'gather'> =
  (target) =>
  ({ attrs: { axis }, inputs, outputs }) => {
    const [input, indices] = inputs as [TensorSpec, TensorSpec];
    if (sizeOf(outputs[0]!.shape) === 0) return nothing;
    const [outer, extent, inner] = around(input.shape, axis);
    const filler = missing(input, target);
    const grid = gridOf([outer, sizeOf(indices.shape), inner], target.grid);
    if (extent === 0) return fill(target, sizeOf(outputs[0]!.shape), filler);
    const [o, j, i] = grid.indices as [string, string, string];
    const element = elementText(0, [o, 'whole(index)', i], [extent * inner, inner, 1]);
    const statements = [`let index = a1[${j}];`];
    const result = `(((index >= 0) && (index < ${sizeText('extent', extent)})) ? ${element} : ${filler})`;
    return singleKernel(kernelSource(target, grid, 2, { statements, result }), 2);
  };

/** Every cell sums the updates that are its own, in their order: the result is the same in every run. */
export const scatterAdd: GpuKernel<'scatterAdd'> =
  (target) =>
  ({ attrs: { axis, extent }, inputs, outputs }) => {
    const [updates] = inputs as [TensorSpec, TensorSpec];
    const { shape } = outputs[0]!;
    if (sizeOf(shape) === 0) return nothing;
    const [outer, count, inner] = around(updates.shape, axis);
    if (sizeOf(updates.shape) === 0) return fill(target, sizeOf(shape), '0');
    const grid = gridOf([outer, extent, inner], target.grid);
    const [o, e, i] = grid.indices as [string, string, string];
    const update = (j: string): string => `((a1[${j}] === ${e}) ? ${elementText(0, [o, j, i], [count * inner, inner, 1])} : 0)`;
    return singleKernel(
      kernelSource(
        target,
        grid,
        2,
        foldOver('sum', [count], ([j]) => update(j!)),
      ),
      2,
    );
  };

function fill(target: Target, size: number, value: string): GpuStep {
  return singleKernel(kernelSource(target, gridOf([size], target.grid), 0, { statements: [], result: value }), 0);
}
