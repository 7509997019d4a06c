// The reference with other programs: what errors of functions, or of rounding, make of a result.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Executable, NdArray, Program } from '@nn/core';

/**
 * The reference, which runs what `change` makes of every program, with `added` inputs, as they are then, beside those of a run. A program
 * is compiled once, until the backend is disposed.
 */
export function changedReference(change: (program: Program) => Program, added: Readonly<Record<string, NdArray>>): Backend {
  const reference = referenceBackend();
  const compiled = new Map<Program, Promise<Executable>>();
  return {
    specVersion: reference.specVersion,
    name: reference.name,
    capabilities: reference.capabilities,
    keeps: () => false,
    createStore: (variables) => reference.createStore(variables),
    async compile(program) {
      const compiling = compiled.get(program) ?? reference.compile(change(program));
      compiled.set(program, compiling);
      const executable = await compiling;
      return {
        program,
        report: executable.report,
        memory: executable.memory,
        run: (store, inputs) => executable.run(store, { ...inputs, ...added }),
        dispose: async () => {},
      };
    },
    dispose: () => reference.dispose(),
    [Symbol.asyncDispose]: () => reference.dispose(),
  };
}
