// `kernelBackend` and `sequenceBackend`: a backend from a device and a table of kernels. Everything that does not depend on the
// device is done here: passes, buffers, checks, order of runs, atomic writes, reports and disposal.
import type { TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { Disposing } from '../errors/disposing.ts';
import type { Instr, Program } from '../program/program.ts';
import { compileProgram, kernelFor } from './compile.ts';
import type { Backend, Capabilities, CompileOptions, Executable, Store, Warning } from './contract.ts';
import type { Device, KernelTable, PartialKernelTable, SequenceDevice } from './device.ts';
import { fallbackOn } from './fallback.ts';
import type { CompilingHost, Host } from './host.ts';
import { Lifetime } from './lifetime.ts';
import { WorkQueue } from './queue.ts';
import { stepwise } from './stepwise.ts';
import type { StepRun } from './stepwise.ts';
import { DeviceStore } from './store.ts';

export interface KernelBackendOptions {
  /** Runs what the table has no kernel for; the report says which instructions those are. It is borrowed, not disposed. */
  readonly fallback?: Backend;
  /** What `compile` does unless told otherwise (default true). */
  readonly optimize?: boolean;
  /** Which calls of the composites in the table are run by their kernel (default all); the others are decomposed. */
  readonly keeps?: Backend['keeps'];
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
  kernels: PartialKernelTable<B, StepRun<B>>,
  { fallback, optimize = true, keeps = () => true }: KernelBackendOptions = {},
): Backend {
  const host: CompilingHost<B, StepRun<B>> = {
    ...newHost(name, device),
    kernels,
    keeps,
    fallback: fallback && fallbackOn(fallback, device),
    sequence: (steps) => stepwise(name, device, steps),
  };
  return new DeviceBackend(capabilities, host, optimize);
}

/**
 * A backend whose device takes all steps of a program at once. What its kernels prepare is for the device to say; there is no
 * fallback, because work of another backend cannot stand between the steps.
 * @param name in messages and reports
 */
export function sequenceBackend<B, R>(
  name: string,
  capabilities: Capabilities,
  device: SequenceDevice<B, R>,
  kernels: KernelTable<B, R>,
  { optimize = true, keeps = () => true }: Omit<KernelBackendOptions, 'fallback'> = {},
): Backend {
  const host: CompilingHost<B, R> = {
    ...newHost(name, device),
    kernels,
    keeps,
    fallback: undefined,
    sequence: (steps, use) => device.sequence(steps, use),
  };
  return new DeviceBackend(capabilities, host, optimize);
}

function newHost<B>(name: string, device: Device<B>): Host<B> {
  return { name, device, queue: new WorkQueue(), lifetime: new Lifetime(`the backend "${name}"`) };
}

class DeviceBackend<B, R> extends Disposing implements Backend {
  readonly specVersion = 1;
  readonly capabilities: Capabilities;
  onWarning?: (event: Warning) => void;
  readonly #host: CompilingHost<B, R>;
  readonly #optimize: boolean;

  constructor(capabilities: Capabilities, host: CompilingHost<B, R>, optimize: boolean) {
    super();
    this.capabilities = capabilities;
    this.#host = host;
    this.#optimize = optimize;
  }

  get name(): string {
    return this.#host.name;
  }

  keeps(instr: Instr, slots: readonly TensorSpec[]): boolean {
    return kernelFor(this.#host.kernels, instr.op) !== undefined && this.#host.keeps(instr, slots);
  }

  async createStore(variables: Readonly<Record<string, NdArray>>): Promise<Store> {
    this.#host.lifetime.expectAlive('createStore');
    return new DeviceStore(this.#host, variables);
  }

  async compile(program: Program, options: CompileOptions = {}): Promise<Executable> {
    this.#host.lifetime.expectAlive('compile');
    return compileProgram(this.#host, program, { ...options, optimize: options.optimize ?? this.#optimize });
  }

  override dispose(): Promise<void> {
    return this.#host.lifetime.end(async () => {
      await this.#host.queue.settle();
      await this.#host.device.dispose?.();
    });
  }
}
