// What the kernels of this backend prepare: an instruction becomes stages, each of them one gpu.js kernel or a computation on the host.
import type { TypedArray } from '@nn/core';
import type { Computation } from './expression.ts';
import type { Grid } from './grid.ts';
import { helpersIn, indexHelpers } from './helpers.ts';
import type { Helper } from './helpers.ts';
import { arrayName, withArguments, withNumbers } from './parameters.ts';
import type { NumberArgument } from './parameters.ts';
import type { Target } from './target.ts';

/** Text of a gpu.js kernel. Its parameters are arrays, a0, a1, …, and then numbers. */
export interface KernelSource {
  readonly text: string;
  readonly arrays: number;
  readonly numbers: readonly NumberArgument[];
  readonly helpers: readonly Helper[];
  /** Extents, fastest axis first. */
  readonly output: readonly number[];
}

/** An array that a stage reads: an input of the instruction, or what an earlier stage made. */
export type Operand = { readonly input: number } | { readonly stage: number };

export interface KernelStage {
  readonly kind: 'kernel';
  readonly source: KernelSource;
  readonly operands: readonly Operand[];
}

/** Computed in JavaScript from inputs of the instruction that are known there, or read back. */
export interface HostStage {
  readonly kind: 'host';
  /** Inputs of the instruction. */
  readonly inputs: readonly number[];
  compute(arrays: readonly TypedArray[]): Float32Array<ArrayBuffer>;
}

export type Stage = KernelStage | HostStage;

/** An instruction, ready to run: its stages in order. The last one makes its output. */
export interface GpuStep {
  readonly stages: readonly Stage[];
}

/** A kernel that computes one element per cell of a grid. */
export function kernelSource(
  { dialect, numbers: how }: Target,
  grid: Grid,
  arrays: number,
  { statements, result }: Computation,
): KernelSource {
  const carrying = [...grid.statements, ...statements, `return ${result};`].join('\n');
  const { text: body, numbers } = how === 'arguments' ? withArguments(carrying) : { text: withNumbers(carrying), numbers: [] };
  const parameters = [...Array.from({ length: arrays }, (_, index) => arrayName(index)), ...numbers.map(({ name }) => name)];
  const text = `function (${parameters.join(', ')}) {\n${body}\n}`;
  return { text, arrays, numbers, helpers: helpersIn(body, { ...indexHelpers, ...dialect.helpers }), output: grid.output };
}

/** All inputs of an instruction, in order. */
export function allInputs(count: number): Operand[] {
  return Array.from({ length: count }, (_, input) => ({ input }));
}

/** An instruction that is one kernel over its inputs. */
export function singleKernel(source: KernelSource, inputs: number): GpuStep {
  return { stages: [{ kind: 'kernel', source, operands: allInputs(inputs) }] };
}

/** An instruction without elements: there is nothing to run. */
export const nothing: GpuStep = { stages: [{ kind: 'host', inputs: [], compute: () => new Float32Array(0) }] };
