// Running a program over given arrays and reading everything that comes out.
import type { Backend, CompileOptions, Executable, NdArray, Program, Store } from '@nn/core';

/** Values of a program's inputs and variables, by name. */
export interface ProgramArrays {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly variables: Readonly<Record<string, NdArray>>;
}

/** What a run gave: outputs, and variables as they are after it. */
export interface ProgramResults {
  readonly outputs: ReadonlyMap<string, NdArray>;
  readonly variables: ReadonlyMap<string, NdArray>;
}

/**
 * Compiles a program and runs it once for each of the given arrays, each time over fresh variables. Runs are started one after the other
 * without waiting for their results, so that a device that works beside JavaScript is waited for once.
 */
export async function executeEach(
  backend: Backend,
  program: Program,
  runs: readonly ProgramArrays[],
  options?: CompileOptions,
): Promise<ProgramResults[]> {
  const executable = await backend.compile(program, options);
  try {
    return await Promise.all(runs.map((arrays) => runOnce(backend, executable, arrays)));
  } finally {
    await executable.dispose();
  }
}

/** Compiles a program and runs it once. */
export async function execute(
  backend: Backend,
  program: Program,
  arrays: ProgramArrays,
  options?: CompileOptions,
): Promise<ProgramResults> {
  const [results] = await executeEach(backend, program, [arrays], options);
  return results!;
}

async function runOnce(backend: Backend, executable: Executable, { inputs, variables }: ProgramArrays): Promise<ProgramResults> {
  const store = await backend.createStore(variables);
  try {
    const run = executable.run(store, inputs);
    const outputs = await readAll(Object.keys(executable.program.outputs), run);
    await run.done;
    return { outputs, variables: await readAll(store.names, store) };
  } finally {
    await store.dispose();
  }
}

/** Asks for all of them at once, which is one trip to the device. */
export async function readAll(names: readonly string[], from: Pick<Store, 'read'>): Promise<Map<string, NdArray>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await from.read(name)] as const)));
}
