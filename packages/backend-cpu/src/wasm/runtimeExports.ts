// What the WebAssembly module exports beside kernels; the build tells kernels by this list.

/** The functions of assembly/runtime.ts, documented there. */
export interface Runtime {
  execute(commands: number, count: number, thread: number, threads: number): number;
  resume(): number;
  position(): number;
  barrier(thread: number, threads: number): void;
  waitForJob(seen: number): number;
  wordAt(pointer: number): number;
}

const names: { readonly [Name in keyof Runtime]: true } = {
  execute: true,
  resume: true,
  position: true,
  barrier: true,
  waitForJob: true,
  wordAt: true,
};

export function isRuntimeExport(name: string): name is keyof Runtime {
  return Object.hasOwn(names, name);
}
