// What a kernel of this backend prepares: commands, which name a function in WebAssembly and what it is called with.
import type { DType, KernelTable } from '@nn/core';
import type { KernelExport } from '../generated/kernels.ts';
import type { MapCall, MapGroup } from './emit/group.ts';

/** Elements in the memory: f32 and i32 in 4 bytes, u8 and bool in 1. Begins at a multiple of 64 and owns all bytes up to the next. */
export interface WasmBuffer {
  readonly pointer: number;
  readonly dtype: DType;
  readonly length: number;
}

/** A module made for one program. It imports `env.memory` and `env.table` as the kernels' own module does. */
export interface EmittedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The functions to put into the table. */
  readonly exports: readonly string[];
}

/** A function of an emitted module; it has the signature of a kernel. */
export interface EmittedKernel {
  readonly module: EmittedModule;
  readonly name: string;
}

/** Where the elements of one instruction are. A pointer of 0 stands for an output that nobody reads. */
export interface Pointers {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of the `workspace` bytes that the step asked for. */
  readonly workspace: number;
}

/** One call of a kernel; all threads make it and share its work. */
export interface WasmCommand {
  readonly kernel: KernelExport | EmittedKernel;
  /** The block of arguments, in 32-bit words; `floatWord` gives those of f32 values. Called again when another store is bound. */
  readonly words: (pointers: Pointers) => readonly number[];
  /** Nanoseconds that one thread takes, roughly: work that is not worth a meeting of all threads is left to one. */
  readonly work: number;
}

/** One instruction, prepared. The commands run in order; each sees all results of those before. None when there is nothing to do. */
export interface WasmStep {
  readonly commands: readonly WasmCommand[];
  /** Bytes of memory that the commands of this step share, all threads together; it holds nothing before and after. */
  readonly workspace?: number;
  /** Set where the step is a loop over elements, which others can become part of. */
  readonly map?: JoinableMap;
  readonly byproduct?: Byproduct;
}

/** A sum that a step comes by on its way, so that a `reduce` of the same needs no pass of its own. */
export interface Byproduct {
  /** Which input is added up, and over which axes. */
  readonly input: number;
  readonly axes: readonly number[];
  /** Inputs in whose place the sum may be written: they have been read by then, as far as that matters. */
  readonly overwrites: readonly number[];
  /** The commands of the step with the sum as one more output. They do with the workspace of the step. */
  readonly commands: readonly WasmCommand[];
}

/** An elementwise loop. `compile` makes the command of a loop that does several at once. */
export interface JoinableMap extends MapCall {
  compile(group: MapGroup): WasmCommand;
}

/** The kernels of this backend: one per primitive, and for composites that are worth one. */
export type WasmKernelTable = KernelTable<WasmBuffer, WasmStep>;

/** One kernel, by the name of its op. */
export type WasmKernel<Name extends keyof WasmKernelTable> = NonNullable<WasmKernelTable[Name]>;

const converted = new DataView(new ArrayBuffer(4));

/** The bits of an f32 value as a word. */
export function floatWord(value: number): number {
  converted.setFloat32(0, value);
  return converted.getInt32(0);
}
