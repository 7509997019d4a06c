// Ops about indices: gather, scatterAdd, iota; and random numbers, which are a function of indices.
import { bytesPerElement, hashPath, sizeOf } from '@nn/core';
import type { WasmCommand, WasmKernel } from '../command.ts';
import { floatWord } from '../command.ts';
import { fillCommand } from './fill.ts';
import { aroundAxis } from './nest.ts';

export const gatherKernel: WasmKernel<'gather'> = ({ attrs: { axis }, inputs, outputs }) => {
  const { shape, dtype } = inputs[0]!;
  const { outer, extent, inner } = aroundAxis(shape, axis);
  const entries = inputs[1]!.shape[0]!;
  const size = sizeOf(outputs[0]!.shape);
  if (size === 0) return { commands: [] };
  const missing = dtype === 'f32' ? floatWord(Number.NaN) : 0;
  const words = [outer, extent, entries, inner * bytesPerElement(dtype), missing];
  return {
    commands: [
      {
        kernel: 'gather',
        words: ({ inputs: [x, indices], outputs: [to] }) => [x!, indices!, to!, ...words],
        work: 0.3 * size + 5 * outer * entries,
      },
    ],
  };
};

export const scatterAddKernel: WasmKernel<'scatterAdd'> = ({ attrs: { axis, extent }, inputs, outputs }) => {
  const { outer, extent: entries, inner } = aroundAxis(inputs[0]!.shape, axis);
  const size = sizeOf(outputs[0]!.shape);
  if (size === 0) return { commands: [] };
  const updates = outer * entries * inner;
  const add: WasmCommand = {
    kernel: 'scatterAdd',
    words: ({ inputs: [from, indices], outputs: [to] }) => [from!, indices!, to!, outer, extent, entries, inner],
    work: 0.4 * updates + 5 * outer * entries,
  };
  return { commands: [fillCommand('f32', size, 0), ...(updates === 0 ? [] : [add])] };
};

export const iotaKernel: WasmKernel<'iota'> = ({ attrs: { shape, axis } }) => {
  const { outer, extent, inner } = aroundAxis(shape, axis);
  const size = sizeOf(shape);
  if (size === 0) return { commands: [] };
  return { commands: [{ kernel: 'iota', words: ({ outputs: [to] }) => [to!, outer, extent, inner], work: 2 * size }] };
};

export const uniformKernel: WasmKernel<'uniform'> = ({ attrs: { shape, path, call } }) => {
  const count = sizeOf(shape);
  if (count === 0) return { commands: [] };
  const words = [count, hashPath(path), call];
  return {
    commands: [{ kernel: 'uniform', words: ({ inputs: [seed, step], outputs: [to] }) => [seed!, step!, to!, ...words], work: 1.2 * count }],
  };
};
