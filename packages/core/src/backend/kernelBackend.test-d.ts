// What must not compile: a backend that lacks a kernel and has nowhere to run it.
import type { TypedArray } from '../array/dtype.ts';
import type { Backend } from './contract.ts';
import type { KernelTable, SequenceDevice } from './device.ts';
import { hostDevice } from './hostDevice.ts';
import { kernelBackend, sequenceBackend } from './kernelBackend.ts';
import { capabilities, toyKernels } from './testing/toyBackend.ts';

const device = hostDevice();
declare const other: Backend;
const { matmul: _matmul, ...withoutMatmul } = toyKernels;

kernelBackend('complete', capabilities, device, toyKernels);
kernelBackend('partial', capabilities, device, withoutMatmul, { fallback: other });

// @ts-expect-error matmul is missing and there is no fallback
kernelBackend('partial', capabilities, device, withoutMatmul);

// @ts-expect-error options alone are no fallback
kernelBackend('partial', capabilities, device, withoutMatmul, { optimize: false });

// @ts-expect-error a table by type is complete
export const table: KernelTable<TypedArray> = withoutMatmul;

export const misspelled: KernelTable<TypedArray> = {
  ...toyKernels,
  // @ts-expect-error there is no op of that name
  sofmax: toyKernels.map,
};

export const wrongAttributes: KernelTable<TypedArray> = {
  ...toyKernels,
  // @ts-expect-error reduce has a kind and axes, not an expression
  reduce: (call) => () => void call.attrs.expression,
};

declare const sequenceDevice: SequenceDevice<TypedArray, { readonly command: string }>;
const command = () => ({ command: 'go' });
const commands: KernelTable<TypedArray, { readonly command: string }> = {
  map: command,
  reduce: command,
  matmul: command,
  transpose: command,
  slice: command,
  concat: command,
  pad: command,
  gather: command,
  scatterAdd: command,
  iota: command,
  uniform: command,
};
sequenceBackend('commands', capabilities, sequenceDevice, commands);

// @ts-expect-error this device does not run functions
sequenceBackend('functions', capabilities, sequenceDevice, toyKernels);

// @ts-expect-error nor does a device without sequences run commands
kernelBackend('commands', capabilities, device, commands);
