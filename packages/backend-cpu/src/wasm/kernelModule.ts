// The compiled kernels, in the form that the engine takes.
import { BackendError } from '@nn/core';
import { plainDifference, relaxedModule } from '../generated/kernels.ts';
import { applyDifference, unpack } from './packedModule.ts';

/** The kernels, and whether they use relaxed SIMD. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly relaxed: boolean;
}

/** The module with relaxed SIMD instructions. */
export const relaxedKernels = (): Promise<Uint8Array<ArrayBuffer>> => unpack(relaxedModule);

/** The one without, made out of it. */
export const plainKernels = (relaxed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => applyDifference(plainDifference, relaxed);

/** @throws BackendError `backend.unavailable` where WebAssembly or its SIMD or atomic instructions are missing */
export async function compileKernelModule(): Promise<KernelModule> {
  if (typeof WebAssembly === 'undefined') throw unavailable('no WebAssembly');
  const relaxed = await relaxedKernels();
  if (WebAssembly.validate(relaxed)) return { module: await WebAssembly.compile(relaxed), relaxed: true };
  const plain = await plainKernels(relaxed);
  if (!WebAssembly.validate(plain)) throw unavailable('no SIMD or no threads in its WebAssembly');
  return { module: await WebAssembly.compile(plain), relaxed: false };
}

function unavailable(what: string): BackendError {
  return new BackendError(`The CPU backend cannot run here: this engine has ${what}.`, 'backend.unavailable');
}
