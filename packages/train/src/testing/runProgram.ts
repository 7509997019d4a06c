// Runs training and evaluation programs step by step on the reference backend, without a trainer.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike, NdArray, Program } from '@nn/core';
import { full, ndarray } from '@nn/core';

export interface StepInputs {
  readonly x: ArrayLike;
  readonly y: ArrayLike;
  readonly learningRate?: number;
  readonly seed?: number;
}

/** Variables and outputs after each step, as nested numbers. */
export interface Ran {
  readonly outputs: readonly Readonly<Record<string, unknown>>[];
  readonly variables: readonly Readonly<Record<string, unknown>>[];
}

/** @param variables at the start, all that the program uses */
export async function runSteps(
  program: Program,
  variables: Readonly<Record<string, ArrayLike>>,
  steps: readonly StepInputs[],
): Promise<Ran> {
  const backend = referenceBackend();
  const store = await backend.createStore(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, ndarray(value)])));
  const executable = await backend.compile(program);
  const ran = { outputs: [] as Record<string, unknown>[], variables: [] as Record<string, unknown>[] };
  for (const [index, { x, y, learningRate = 0, seed = 0 }] of steps.entries()) {
    const all: Record<string, NdArray> = {
      x: ndarray(x),
      y: ndarray(y),
      seed: full([], seed, 'i32'),
      step: full([], index + 1, 'i32'),
      learningRate: full([], learningRate),
    };
    const inputs = Object.fromEntries(Object.keys(program.inputs).map((name) => [name, all[name]!]));
    const results = executable.run(store, inputs);
    ran.outputs.push(await valuesOf(Object.keys(program.outputs), (name) => results.read(name)));
    await results.done;
    ran.variables.push(await valuesOf(store.names, (name) => store.read(name)));
  }
  await backend.dispose();
  return ran;
}

async function valuesOf(names: readonly string[], read: (name: string) => Promise<NdArray>): Promise<Record<string, unknown>> {
  const values = await Promise.all(names.map(async (name) => [name, (await read(name)).toArray()] as const));
  return Object.fromEntries(values);
}
