// The compiled kernels, in the form that the engine takes.
import { BackendError } from '@nn/core';
import { plainModule, relaxedModule } from '../generated/kernels.ts';
import { unpackModule } from './packedModule.ts';

/** The kernels, and whether they use relaxed SIMD. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly relaxed: boolean;
}

/** @throws BackendError `backend.unavailable` where WebAssembly or its SIMD or atomic instructions are missing */
export async function compileKernelModule(): Promise<KernelModule> {
  if (typeof WebAssembly === 'undefined') throw unavailable('no WebAssembly');
  const relaxed = await unpackModule(relaxedModule);
  if (WebAssembly.validate(relaxed)) return { module: await WebAssembly.compile(relaxed), relaxed: true };
  const plain = await unpackModule(plainModule);
  if (!WebAssembly.validate(plain)) throw unavailable('no SIMD or no threads in its WebAssembly');
  return { module: await WebAssembly.compile(plain), relaxed: false };
}

function unavailable(what: string): BackendError {
  return new BackendError(`The CPU backend cannot run here: this engine has ${what}.`, 'backend.unavailable');
}
