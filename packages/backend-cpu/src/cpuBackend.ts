// The factory of the backend. It is async because engines that must be loaded first (WebAssembly, threads) are chosen here.
import { checkNumber, hostDevice, kernelBackend, resolveOptions } from '@nn/core';
import type { Backend } from '@nn/core';
import { javascriptKernels } from './kernels/table.ts';
import { Workspace } from './loops/workspace.ts';
import { isPage, pauses } from './pause.ts';

export interface CpuOptions {
  /** Bytes that one store or program may hold (default 16 GiB); more is refused before anything is allocated. */
  readonly memoryLimit?: number;
}

/**
 * A backend on typed arrays and plain JavaScript, for Node and browsers. Results do not depend on the machine, save for the last
 * bits of `Math.exp` and its kin, which are the engine's.
 *
 * @throws ConfigError for an unknown option or one out of its range
 */
export async function cpuBackend(options: CpuOptions = {}): Promise<Backend> {
  const { memoryLimit } = resolveOptions('cpuBackend', options, { memoryLimit: 2 ** 34 });
  checkNumber('cpuBackend', 'memoryLimit', memoryLimit, { above: 0 });
  const device = hostDevice({ memoryLimit, ...(isPage() ? { pause: pauses() } : {}) });
  const capabilities = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true, threads: 1 } as const;
  return kernelBackend('cpu', capabilities, device, javascriptKernels(new Workspace()));
}
