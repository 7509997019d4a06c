// Where a NaN or an infinity began: a program is run again in growing parts until a value is not finite.
import type { Backend, NdArray, Program, Slot, Store } from '@nn/core';
import { withoutWrites } from '../programs/readOnly.ts';

/** The first value that is not finite. */
export interface Culprit {
  /** `the input x`, `the variable dense1/kernel`, or `dense2 (linear, forward)` */
  readonly where: string;
  readonly value: number;
}

/** Instructions whose results are read in one run: their memory on the host is bounded by this. */
const instructionsPerRun = 24;

/**
 * Looks at inputs, variables and the results of all instructions, in this order. Nothing is written.
 * @returns undefined when everything is finite
 */
export async function firstNonFinite(
  program: Program,
  { backend, store }: { readonly backend: Backend; readonly store: Store },
  inputs: Readonly<Record<string, NdArray>>,
): Promise<Culprit | undefined> {
  for (const [name, array] of Object.entries(inputs)) {
    const value = nonFiniteIn(array);
    if (value !== undefined) return { where: `the input ${name}`, value };
  }
  for (const name of Object.keys(program.variables)) {
    const value = nonFiniteIn(await store.read(name));
    if (value !== undefined) return { where: `the variable ${name}`, value };
  }
  for (let from = 0; from < program.instrs.length; from += instructionsPerRun) {
    const found = await inInstructions(
      program,
      { backend, store },
      inputs,
      from,
      Math.min(from + instructionsPerRun, program.instrs.length),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

async function inInstructions(
  program: Program,
  { backend, store }: { readonly backend: Backend; readonly store: Store },
  inputs: Readonly<Record<string, NdArray>>,
  from: number,
  to: number,
): Promise<Culprit | undefined> {
  const watched = watchedSlots(program, from, to);
  const executable = await backend.compile(partOf(program, to, watched), { optimize: false });
  try {
    const outputs = executable.run(store, inputs);
    for (const [slot, instr] of watched) {
      const value = nonFiniteIn(await outputs.read(String(slot)));
      if (value !== undefined) return { where: describeInstruction(program, instr), value };
    }
    return undefined;
  } finally {
    await executable.dispose();
  }
}

/** The f32 results of instructions, each with its instruction, in order. */
function watchedSlots(program: Program, from: number, to: number): Map<Slot, number> {
  const watched = new Map<Slot, number>();
  program.instrs.slice(from, to).forEach(({ out }, index) => {
    for (const slot of out) if (slot !== null && program.slots[slot]!.dtype === 'f32') watched.set(slot, from + index);
  });
  return watched;
}

/** The first instructions of a program, with some of their results as outputs and without writes. */
function partOf(program: Program, instructions: number, watched: ReadonlyMap<Slot, number>): Program {
  return {
    ...withoutWrites(program),
    instrs: program.instrs.slice(0, instructions),
    outputs: Object.fromEntries([...watched.keys()].map((slot) => [String(slot), slot])),
  };
}

function describeInstruction(program: Program, index: number): string {
  const { op, path } = program.instrs[index]!;
  const lossAt = program.instrs.findIndex(({ out }) => out.includes(program.outputs['loss']!));
  return `${path === '' ? 'the step' : path} (${op}, ${index <= lossAt ? 'forward' : 'backward'})`;
}

function nonFiniteIn({ dtype, data }: NdArray): number | undefined {
  if (dtype !== 'f32') return undefined;
  return (data as Float32Array | Float64Array).find((value) => !Number.isFinite(value));
}
