// Ops that move elements: transpose, slice, concat, pad. All are copies between two arrays with strides of their own.
import { bytesPerElement, mergeAxes, sizeOf, stridesOf } from '@nn/core';
import type { DType, StridedLoop } from '@nn/core';
import type { WasmCommand, WasmKernel, WasmStep } from '../command.ts';
import { fillCommand } from './fill.ts';
import { nestWords } from './nest.ts';

/** A copy of input `input` to output 0. Operands of the loop: source, target; `offsets` are where each begins, in elements. */
interface Copy {
  readonly dtype: DType;
  readonly loop: StridedLoop;
  readonly input?: number;
  readonly offsets?: readonly [from: number, to: number];
}

export const transposeKernel: WasmKernel<'transpose'> = ({ attrs: { order }, inputs, outputs }) => {
  const { shape, dtype } = outputs[0]!;
  const strides = stridesOf(inputs[0]!.shape);
  const loop = { shape, strides: [order.map((axis) => strides[axis]!), stridesOf(shape)] };
  return stepOf([turnCommand(dtype, loop) ?? copyCommand({ dtype, loop })], sizeOf(shape));
};

export const sliceKernel: WasmKernel<'slice'> = ({ attrs: { begin, step }, inputs, outputs }) => {
  const { shape, dtype } = outputs[0]!;
  const strides = stridesOf(inputs[0]!.shape);
  const loop = { shape, strides: [strides.map((stride, axis) => stride * step[axis]!), stridesOf(shape)] };
  return stepOf([copyCommand({ dtype, loop, offsets: [dot(begin, strides), 0] })], sizeOf(shape));
};

export const concatKernel: WasmKernel<'concat'> = ({ attrs: { axis }, inputs, outputs }) => {
  const strides = stridesOf(outputs[0]!.shape);
  let along = 0;
  const commands = inputs.flatMap(({ shape, dtype }, input) => {
    const offset = along * strides[axis]!;
    along += shape[axis]!;
    return stepOf(
      [copyCommand({ dtype, input, loop: { shape, strides: [stridesOf(shape), strides] }, offsets: [0, offset] })],
      sizeOf(shape),
    ).commands;
  });
  return { commands };
};

export const padKernel: WasmKernel<'pad'> = ({ attrs: { low, interior, value }, inputs, outputs }) => {
  const { shape, dtype } = inputs[0]!;
  const strides = stridesOf(outputs[0]!.shape);
  const loop = { shape, strides: [stridesOf(shape), strides.map((stride, axis) => stride * (interior[axis]! + 1))] };
  const length = sizeOf(outputs[0]!.shape);
  const filled = stepOf([fillCommand(dtype, length, value)], length);
  const copied = stepOf([copyCommand({ dtype, loop, offsets: [0, dot(low, strides)] })], sizeOf(shape));
  return { commands: [...filled.commands, ...copied.commands] };
};

/** Nothing is to be done for no elements. */
function stepOf(commands: readonly WasmCommand[], elements: number): WasmStep {
  return { commands: elements === 0 ? [] : commands };
}

/** The block: from, to, then the nest. */
function copyCommand({ dtype, loop, input = 0, offsets: [fromOffset, toOffset] = [0, 0] }: Copy): WasmCommand {
  const bytes = bytesPerElement(dtype);
  const nest = nestWords(loop);
  return {
    kernel: bytes === 4 ? 'copyWords' : 'copyBytes',
    words: ({ inputs, outputs: [to] }) => [inputs[input]! + bytes * fromOffset, to! + bytes * toOffset, ...nest],
    work: sizeOf(loop.shape),
  };
}

/** Matrices that are turned around, if that is what a loop does. The block: from, to, matrices, rows, columns. */
function turnCommand(dtype: DType, loop: StridedLoop): WasmCommand | undefined {
  const { shape, strides } = mergeAxes(loop);
  const [columns, rows] = shape.slice(-2) as [number, number];
  const steps = strides[0]!.slice(-2);
  const isTurn =
    steps[0] === 1 && steps[1] === columns && (shape.length === 2 || (shape.length === 3 && strides[0]![0] === rows * columns));
  if (!isTurn || bytesPerElement(dtype) !== 4) return undefined;
  return {
    kernel: 'transposeWords',
    words: ({ inputs: [from], outputs: [to] }) => [from!, to!, shape.length === 3 ? shape[0]! : 1, rows, columns],
    work: 0.4 * sizeOf(shape),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
