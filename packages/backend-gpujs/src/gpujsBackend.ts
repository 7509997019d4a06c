// The factory of the backend.
import { BackendError, checkChoice, checkFlag, checkNumber, resolveOptions, sequenceBackend } from '@nn/core';
import type { Backend } from '@nn/core';
import { gpuKernels } from './kernels/table.ts';
import type { Available, GpujsMode } from './modes.ts';
import { modeNames, modes } from './modes.ts';
import type { Gpu, GpuLibrary } from './runtime/gpu.ts';
import { loadGpuLibrary } from './vendor/loadGpuLibrary.ts';

export interface GpujsOptions {
  /** Default `'auto'`: the first of webgpu, webgl2, webasm and cpu that there is. */
  readonly mode?: GpujsMode | 'auto';
  /** Whether workers share the work, in mode webasm (default true). The results are the same without. */
  readonly threads?: boolean;
  /** Bytes that stores and programs may hold together (default 4 GiB). */
  readonly memoryLimit?: number;
}

const defaults: Required<GpujsOptions> = { mode: 'auto', threads: true, memoryLimit: 2 ** 32 };

/**
 * A backend that generates kernels for gpu.js, for Node (webgpu, webasm, cpu) and browsers (all modes). Its name is `gpujs:` and the mode.
 * A mode that is asked for is the one that runs; where gpu.js would run a kernel as plain JavaScript instead, that is an error, unless the
 * mode is `'auto'`. `Executable.report` says how gpu.js runs each instruction.
 *
 * @throws ConfigError for an unknown option or mode; BackendError `backend.unavailable` where the mode does not exist, or gpu.js is not installed
 */
export async function gpujsBackend(options: GpujsOptions = {}): Promise<Backend> {
  return (await openGpujs(options)).backend;
}

/** The backend, and the `GPU` of gpu.js below it, which tests take away. */
export async function openGpujs(options: GpujsOptions): Promise<{ readonly backend: Backend; readonly gpu: Gpu }> {
  const { mode: wanted, threads: usesThreads, memoryLimit } = resolveOptions('gpujsBackend', options, defaults);
  checkNumber('gpujsBackend', 'memoryLimit', memoryLimit, { above: 0 });
  checkChoice('gpujsBackend', 'mode', wanted, ['auto', ...modeNames]);
  checkFlag('gpujsBackend', 'threads', usesThreads);
  const library = await loadGpuLibrary();
  const { mode, notes, settings } = await findMode(library, wanted);
  const { target, capabilities, threads, start } = modes[mode];
  const name = `gpujs:${mode}`;
  const gpu = new library.GPU({ mode, ...settings });
  const device = start({
    mode,
    name,
    library,
    gpu,
    memoryLimit,
    mayFallBack: wanted === 'auto',
    threads: usesThreads,
    warn: (warning) => backend.onWarning?.(warning),
  });
  const backend = sequenceBackend(name, { ...capabilities, threads: usesThreads ? threads() : 1, notes }, device, gpuKernels(target));
  return { backend, gpu };
}

interface FoundMode extends Available {
  readonly mode: GpujsMode;
}

async function findMode(library: GpuLibrary, wanted: GpujsMode | 'auto'): Promise<FoundMode> {
  const passed: string[] = [];
  for (const mode of wanted === 'auto' ? modeNames : [wanted]) {
    const found = await modes[mode].available(library);
    if ('notes' in found) return { ...found, mode, notes: [...passed, ...found.notes] };
    if (wanted !== 'auto') {
      throw new BackendError(`The mode "${mode}" of gpu.js is not available: ${found.reason}`, 'backend.unavailable', {
        cause: found.cause,
      });
    }
    passed.push(`not ${mode}: ${found.reason}`);
  }
  throw new BackendError(`No mode of gpu.js is available: ${passed.join(' ')}`, 'backend.unavailable');
}
