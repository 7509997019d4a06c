// A program cut into segments: runs of kernels between which nothing has to be known on the host. Each is one pipeline of gpu.js.
import type { Slot, Step } from '@nn/core';
import type { GpuStep, HostStage, KernelSource } from '../source/stage.ts';
import type { Cell } from './cell.ts';

/** Where a value is before the program runs: the input of a step. */
export interface Outside {
  readonly step: number;
  readonly input: number;
}

/** A value that the program makes. */
export type Made = number;

/** What a kernel of a pipeline reads: an argument of the pipeline, or what an earlier kernel of it made. */
export type PipelineOperand = { readonly argument: number } | { readonly call: number };

export interface PipelineCall {
  readonly source: KernelSource;
  readonly operands: readonly PipelineOperand[];
  readonly makes: Made;
  /** Of the program. */
  readonly step: number;
}

export interface Segment {
  readonly kind: 'segment';
  readonly calls: readonly PipelineCall[];
  /** What the pipeline is called with. */
  readonly parameters: readonly (Outside | Made)[];
  /** What it returns. */
  readonly results: readonly Made[];
}

export interface HostCall {
  readonly kind: 'host';
  /** Of the program. */
  readonly step: number;
  readonly stage: HostStage;
  readonly operands: readonly (Outside | Made)[];
  readonly makes: Made;
}

/** An output of a step, and the value that it has at the end of the program. */
export interface Final {
  readonly step: number;
  readonly output: number;
  readonly value: Made;
}

export interface SegmentedProgram {
  readonly parts: readonly (Segment | HostCall)[];
  readonly finals: readonly Final[];
}

/** A call whose operands are not yet those of a pipeline. */
interface LooseCall {
  readonly source: KernelSource;
  readonly operands: readonly (Outside | Made)[];
  readonly makes: Made;
  readonly step: number;
}

/**
 * Cuts a program. What reads and writes which buffer is told from the buffers that the steps have now; other buffers in their places
 * later change nothing about it.
 *
 * @param results slots whose values are needed after a run
 */
export function segmentsOf<V>(steps: readonly Step<Cell<V>, GpuStep>[], results: ReadonlySet<Slot>): SegmentedProgram {
  const holding = new Map<Cell<V>, { readonly value: Made; readonly step: number; readonly output: number }>();
  const outside = new Map<Cell<V>, Outside>();
  const loose: (LooseCall | HostCall)[] = [];
  let count = 0;
  steps.forEach(({ inputs, outputs, run: { stages } }, step) => {
    const read = (input: number): Outside | Made => {
      const cell = inputs[input]!;
      const held = holding.get(cell);
      if (held !== undefined) return held.value;
      const first = outside.get(cell) ?? { step, input };
      outside.set(cell, first);
      return first;
    };
    const made: Made[] = [];
    for (const stage of stages) {
      const makes = count++;
      made.push(makes);
      if (stage.kind === 'host') loose.push({ kind: 'host', step, stage, operands: stage.inputs.map(read), makes });
      else {
        const operands = stage.operands.map((operand) => ('stage' in operand ? made[operand.stage]! : read(operand.input)));
        loose.push({ source: stage.source, operands, makes, step });
      }
    }
    holding.set(outputs[0]!, { value: made.at(-1)!, step, output: 0 });
  });
  const finals = [...holding.values()].filter(({ step, output }) => results.has(steps[step]!.instr.out[output]!));
  return { parts: join(loose, new Set(finals.map(({ value }) => value))), finals };
}

/** Puts computations on the host as early as they can be, and kernels between them together. */
function join(calls: readonly (LooseCall | HostCall)[], kept: ReadonlySet<Made>): (Segment | HostCall)[] {
  const levels: { readonly host: HostCall[]; readonly kernels: LooseCall[] }[] = [];
  const levelOf = new Map<Made, number>();
  for (const call of calls) {
    const isHost = 'kind' in call;
    // A kernel runs at the level of what it reads; the host reads only what lower levels have finished.
    const read = call.operands.map((operand) => (typeof operand === 'number' ? levelOf.get(operand)! : 0));
    const fromKernels = call.operands.some((operand) => typeof operand === 'number' && madeByKernel(levels, levelOf, operand));
    const level = Math.max(0, ...read) + (isHost && fromKernels ? 1 : 0);
    levelOf.set(call.makes, level);
    const own = (levels[level] ??= { host: [], kernels: [] });
    if (isHost) own.host.push(call);
    else own.kernels.push(call);
  }
  return levels.flatMap(({ host, kernels }, level) => {
    if (kernels.length === 0) return host;
    const later = levels.slice(level + 1).flatMap((other) => [...other.host, ...other.kernels]);
    const needed = new Set([...kept, ...later.flatMap(({ operands }) => operands.filter((operand) => typeof operand === 'number'))]);
    return [...host, segmentOf(kernels, needed)];
  });
}

function madeByKernel(
  levels: readonly { readonly kernels: readonly LooseCall[] }[],
  levelOf: ReadonlyMap<Made, number>,
  value: Made,
): boolean {
  return levels[levelOf.get(value)!]!.kernels.some(({ makes }) => makes === value);
}

function segmentOf(calls: readonly LooseCall[], needed: ReadonlySet<Made>): Segment {
  const parameters: (Outside | Made)[] = [];
  const position = new Map(calls.map(({ makes }, call) => [makes, call]));
  const operandOf = (operand: Outside | Made): PipelineOperand => {
    const call = typeof operand === 'number' ? position.get(operand) : undefined;
    if (call !== undefined) return { call };
    const known = parameters.indexOf(operand);
    return { argument: known < 0 ? parameters.push(operand) - 1 : known };
  };
  return {
    kind: 'segment',
    calls: calls.map((call) => ({ ...call, operands: call.operands.map(operandOf) })),
    parameters,
    results: calls.flatMap(({ makes }) => (needed.has(makes) ? [makes] : [])),
  };
}
