// Imports gpu.js, which is a peer: in Node it is a CommonJS module, in a bundle whatever the bundler makes of it.
import { BackendError } from '@nn/core';
import type { GpuLibrary } from '../runtime/gpu.ts';

/** @throws BackendError `backend.unavailable` when gpu.js is not installed */
export async function loadGpuLibrary(): Promise<GpuLibrary> {
  let module: object;
  try {
    module = await import('gpu.js');
  } catch (error) {
    throw new BackendError('gpu.js could not be loaded: is it installed? npm install gpu.js', 'backend.unavailable', { cause: error });
  }
  const library = 'default' in module ? module.default : module;
  if (isGpuLibrary(library)) return library;
  throw new BackendError('What is imported as "gpu.js" has no GPU and no input: version 2.24 or newer is needed.', 'backend.unavailable');
}

function isGpuLibrary(library: unknown): library is GpuLibrary {
  if (library === null || (typeof library !== 'object' && typeof library !== 'function')) return false;
  return 'GPU' in library && typeof library.GPU === 'function' && 'input' in library && typeof library.input === 'function';
}
