// Running a program over given arrays and reading everything that comes out.
import type { Backend, CompileOptions, Executable, NdArray, Program } from '@nn/core';

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

/** Compiles a program and runs it once for each of the given arrays, each time over fresh variables. */
export async function executeEach(
  backend: Backend,
  program: Program,
  runs: readonly ProgramArrays[],
  options?: CompileOptions,
): Promise<ProgramResults[]> {
  const executable = await backend.compile(program, options);
  try {
    const results: ProgramResults[] = [];
    for (const arrays of runs) results.push(await runOnce(backend, executable, arrays));
    return results;
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
    const outputs = new Map<string, NdArray>();
    for (const name of Object.keys(executable.program.outputs)) outputs.set(name, await run.read(name));
    await run.done;
    const written = new Map<string, NdArray>();
    for (const name of store.names) written.set(name, await store.read(name));
    return { outputs, variables: written };
  } finally {
    await store.dispose();
  }
}
