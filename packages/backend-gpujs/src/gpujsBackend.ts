// The factory of the backend.
import { checkNumber, checkChoice, resolveOptions, sequenceBackend } from '@nn/core';
import type { Backend } from '@nn/core';
import { gpuKernels } from './kernels/table.ts';
import type { GpujsMode } from './modes.ts';
import { modeNames, modes } from './modes.ts';
import { loadGpuLibrary } from './runtime/loadGpuLibrary.ts';

export interface GpujsOptions {
  /** Default `'auto'`: the first of webgpu, webgl2, webasm and cpu that there is. */
  readonly mode?: GpujsMode | 'auto';
  /** Bytes that stores and programs may hold together (default 4 GiB). */
  readonly memoryLimit?: number;
}

const defaults: Required<GpujsOptions> = { mode: 'auto', memoryLimit: 2 ** 32 };

export async function gpujsBackend(options: GpujsOptions = {}): Promise<Backend> {
  const { mode: wanted, memoryLimit } = resolveOptions('gpujsBackend', options, defaults);
  checkNumber('gpujsBackend', 'memoryLimit', memoryLimit, { above: 0 });
  checkChoice('gpujsBackend', 'mode', wanted, ['auto', ...modeNames]);
  const name = wanted === 'auto' ? 'webasm' : wanted;
  const library = await loadGpuLibrary();
  const { target, capabilities, start } = modes[name];
  const gpu = new library.GPU({ mode: name });
  const device = start({ mode: name, name: `gpujs:${name}`, library, gpu, memoryLimit, mayFallBack: wanted === 'auto' });
  return sequenceBackend(`gpujs:${name}`, { ...capabilities, threads: 1 }, device, gpuKernels(target));
}
