// One value for all elements of a buffer: what some kernels start from, and all that is left of others when their input is empty.
import { bytesPerElement } from '@nn/core';
import type { DType } from '@nn/core';
import type { WasmCommand } from '../command.ts';
import { floatWord } from '../command.ts';

/** Fills output 0 with `length` elements. */
export function fillCommand(dtype: DType, length: number, value: number): WasmCommand {
  const bytes = length * bytesPerElement(dtype);
  return {
    kernel: 'fill',
    words: ({ outputs: [to] }) => [to!, Math.ceil(bytes / 4), wordOf(dtype, value)],
    work: 0.05 * bytes,
  };
}

/** The word that a buffer is filled with to hold a value everywhere. */
function wordOf(dtype: DType, value: number): number {
  if (dtype === 'f32') return floatWord(value);
  return bytesPerElement(dtype) === 1 ? 0x01010101 * (value & 0xff) : value;
}
