// A trainer at a glance: the model's layers, what the optimizer keeps beside them, and the memory of the programs in use.
import type { Summary } from '@nn/core';
import { sizeOf } from '@nn/core';
import type { BuiltModel } from './engine.ts';
import type { HeldProgram } from './programCache.ts';

export interface TrainerSummary extends Summary {
  /** Numbers kept beside the model's: moments, velocities, averages. */
  readonly slots: number;
  /** Bytes that the compiled programs take, by what they are for; none before the first batch. */
  readonly programs: readonly HeldProgram[];
}

/** With the memory of training on the largest batch that a program is compiled for. */
export function summarizeTrainer({ network, specs }: BuiltModel, programs: readonly HeldProgram[]): TrainerSummary {
  const batches = programs.filter(({ purpose }) => purpose === 'training').map(({ rows }) => rows);
  const summary = network.summary(batches.length === 0 ? {} : { batch: Math.max(...batches) });
  const all = [...specs.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const slots = all - summary.total;
  const lines = [
    `${slots} numbers beside them, kept by the optimizer`,
    ...programs.map((program) => programText(program, network.backend.name)),
  ];
  return { ...summary, slots, programs, toString: () => [String(summary), ...lines].join('\n') };
}

function programText({ purpose, rows, memory }: HeldProgram, backend: string): string {
  const { parameters, retained, scratch } = memory;
  return `${purpose} on ${backend}, batches of ${rows}: ${parameters} bytes of variables, ${retained} of inputs and constants, ${scratch} of working memory`;
}
