// The reference with other programs: what errors of functions, or of rounding, make of a result.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, NdArray, Program } from '@nn/core';

/** The reference, which runs what `change` makes of every program, with `added` inputs beside those of a run. */
export function changedReference(change: (program: Program) => Program, added: Readonly<Record<string, NdArray>> = {}): Backend {
  const reference = referenceBackend();
  return {
    specVersion: reference.specVersion,
    name: reference.name,
    capabilities: reference.capabilities,
    keeps: () => false,
    createStore: (variables) => reference.createStore(variables),
    async compile(program, options) {
      const executable = await reference.compile(change(program), options);
      return {
        program,
        report: executable.report,
        memory: executable.memory,
        run: (store, inputs) => executable.run(store, { ...inputs, ...added }),
        dispose: () => executable.dispose(),
      };
    },
    dispose: () => reference.dispose(),
  };
}
