// `reduce`: an array seen as the axes that are kept around those that are reduced.
import { sizeOf, stridesOf } from '@nn/core';
import type { DType, ReduceKind, Shape } from '@nn/core';
import type { KernelExport } from '../../generated/kernels.ts';
import type { WasmKernel } from '../command.ts';
import { fillCommand } from './fill.ts';
import { nestWords } from './nest.ts';

/** As assembly/reduce.ts numbers them. */
const kinds: Readonly<Record<ReduceKind, number>> = { sum: 0, max: 1, min: 2, prod: 3 };

export const reduceKernel: WasmKernel<'reduce'> = ({ attrs: { kind, axes }, inputs, outputs }) => {
  const { shape, dtype } = inputs[0]!;
  const size = sizeOf(shape);
  const results = sizeOf(outputs[0]!.shape);
  if (results === 0) return { commands: [] };
  // Of nothing there are sums and products only.
  if (size === 0) return { commands: [fillCommand(dtype, results, kind === 'prod' ? 1 : 0)] };
  const words = [kinds[kind], ...nestOver(shape, (axis) => !axes.includes(axis)), ...nestOver(shape, (axis) => axes.includes(axis))];
  return {
    commands: [
      {
        kernel: kernelOf(kind, dtype, axes.includes(shape.findLastIndex((extent) => extent > 1))),
        words: ({ inputs: [from], outputs: [to] }) => [from!, to!, ...words],
        work: 0.15 * size + 5 * results,
      },
    ],
  };
};

/** The nest of an array over some of its axes. */
function nestOver(shape: Shape, isIncluded: (axis: number) => boolean): number[] {
  const included = shape.map((_, axis) => axis).filter(isIncluded);
  const strides = stridesOf(shape);
  return nestWords({ shape: included.map((axis) => shape[axis]!), strides: [included.map((axis) => strides[axis]!)] });
}

function kernelOf(kind: ReduceKind, dtype: DType, isLastReduced: boolean): KernelExport {
  if (dtype === 'i32') return 'foldIntegers';
  if (kind === 'prod') return 'multiply';
  if (kind !== 'sum') return 'foldFloats';
  return isLastReduced ? 'sumAlong' : 'sumOver';
}
