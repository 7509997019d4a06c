// `kernelBackend`: a backend from a device and a table of kernels. Everything that does not depend on the device is done here:
// passes, buffers, checks, order of runs, atomic writes, reports and disposal.
import type { NdArray } from '../array/ndarray.ts';
import type { Instr, Program } from '../program/program.ts';
import { compileProgram, kernelFor } from './compile.ts';
import type { Backend, Capabilities, CompileOptions, Executable, Store, Warning } from './contract.ts';
import type { Device, KernelTable, PartialKernelTable } from './device.ts';
import type { Host } from './host.ts';
import { Lifetime } from './lifetime.ts';
import { WorkQueue } from './queue.ts';
import { DeviceStore } from './store.ts';

export interface KernelBackendOptions {
  /** Runs what the table has no kernel for; the report says which instructions those are. It is borrowed, not disposed. */
  readonly fallback?: Backend;
  /** What `compile` does unless told otherwise (default true). */
  readonly optimize?: boolean;
}

/**
 * A backend.
 * @param name in messages and reports
 * @param kernels one per primitive; composites that are left out are decomposed. A partial table needs a `fallback`.
 */
export function kernelBackend<B>(
  name: string,
  capabilities: Capabilities,
  device: Device<B>,
  kernels: KernelTable<B>,
  options?: KernelBackendOptions,
): Backend;
export function kernelBackend<B>(
  name: string,
  capabilities: Capabilities,
  device: Device<B>,
  kernels: PartialKernelTable<B>,
  options: KernelBackendOptions & { readonly fallback: Backend },
): Backend;
export function kernelBackend<B>(
  name: string,
  capabilities: Capabilities,
  device: Device<B>,
  kernels: PartialKernelTable<B>,
  options: KernelBackendOptions = {},
): Backend {
  return new KernelBackend(name, capabilities, device, kernels, options);
}

class KernelBackend<B> implements Backend {
  readonly specVersion = 1;
  readonly name: string;
  readonly capabilities: Capabilities;
  onWarning?: (event: Warning) => void;
  readonly #host: Host<B>;
  readonly #optimize: boolean;

  constructor(
    name: string,
    capabilities: Capabilities,
    device: Device<B>,
    kernels: PartialKernelTable<B>,
    { fallback, optimize = true }: KernelBackendOptions,
  ) {
    this.name = name;
    this.capabilities = capabilities;
    this.#optimize = optimize;
    this.#host = { name, device, kernels, fallback, queue: new WorkQueue(), lifetime: new Lifetime(`the backend "${name}"`) };
  }

  keeps(instr: Instr): boolean {
    return kernelFor(this.#host.kernels, instr.op) !== undefined;
  }

  async createStore(variables: Readonly<Record<string, NdArray>>): Promise<Store> {
    this.#host.lifetime.expectAlive('createStore');
    return new DeviceStore(this.#host, variables);
  }

  async compile(program: Program, options: CompileOptions = {}): Promise<Executable> {
    this.#host.lifetime.expectAlive('compile');
    return compileProgram(this.#host, program, { ...options, optimize: options.optimize ?? this.#optimize });
  }

  dispose(): Promise<void> {
    return this.#host.lifetime.end(async () => {
      await this.#host.queue.settle();
      await this.#host.device.dispose?.();
    });
  }
}
