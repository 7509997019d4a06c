// gpu.js kernels by their text: what programs have in common is made once, and destroyed when nobody uses it any more.
import { BackendError, sizeOf } from '@nn/core';
import { arrayName } from '../source/parameters.ts';
import type { KernelSource } from '../source/stage.ts';
import type { Gpu, GpuKernelFunction } from './gpu.ts';
import type { Runner } from './runner.ts';

/** A kernel that programs share. */
export interface SharedKernel {
  readonly call: GpuKernelFunction;
  /** Begins to make it ready; to be called before the first call, where others are called before. */
  prepare(): void;
  /** Gives the kernel the extents of this use; to be called before it is. */
  resize(): void;
  /** To be called once per {@link KernelCache.take}. */
  release(): void;
}

/** How kernels that differ in the extents of their outputs alone are one. */
export interface Resizing {
  /** Elements of the largest outputs that they have. */
  readonly upTo: number;
  /** Whether gpu.js is told the extents before every call, or only when they are others. */
  readonly everyCall: boolean;
}

export interface KernelCacheOptions {
  readonly gpu: Gpu;
  /** The mode that kernels have to run in. */
  readonly mode: string;
  /** Where results stay, and how kernels end. */
  readonly runner: Pick<Runner<never>, 'keepsResults' | 'prepare' | 'destroy'>;
  /** What gpu.js calls the arrays that kernels read. */
  readonly argumentType: 'Array' | 'ArrayTexture(1)';
  /** Left out where kernels that differ in the extents of their outputs alone are several. */
  readonly resizing?: Resizing;
  /** gpu.js may run a kernel as plain JavaScript when it cannot in this mode. */
  readonly mayFallBack: boolean;
}

/** How many kernels that no program uses are kept, because programs are made again and share kernels: compiling takes long on GPUs. */
const idleLimit = 2048;
/** Only small ones, because they may hold memory for a result. */
const idleCells = 2 ** 14;

interface Entry {
  readonly call: GpuKernelFunction;
  output: readonly number[];
  users: number;
  prepared: boolean;
}

export class KernelCache {
  readonly #options: KernelCacheOptions;
  readonly #entries = new Map<string, Entry>();
  /** Keys of entries without users, the oldest first. */
  readonly #idle = new Set<string>();

  constructor(options: KernelCacheOptions) {
    this.#options = options;
  }

  /** The kernel of a source, made when there is none. */
  take(source: KernelSource): SharedKernel {
    const { output, text } = source;
    const { resizing } = this.#options;
    const isResizable = resizing !== undefined && sizeOf(output) <= resizing.upTo;
    const key = `${(isResizable ? output.map(() => '') : output).join('x')} ${text}`;
    const entry = this.#entries.get(key) ?? { call: this.#create(source, isResizable), output, users: 0, prepared: false };
    this.#entries.set(key, entry);
    this.#idle.delete(key);
    entry.users += 1;
    return {
      call: entry.call,
      prepare: () => {
        if (!entry.prepared) this.#options.runner.prepare?.(entry.call, source);
        entry.prepared = true;
      },
      resize: () => {
        if (!isResizable) return;
        if (!resizing.everyCall && output.every((extent, axis) => extent === entry.output[axis])) return;
        entry.call.setOutput([...output]);
        entry.output = output;
      },
      release: () => this.#release(key, entry),
    };
  }

  /** In which mode gpu.js runs a kernel, and why it is not the one it was made for. */
  describe({ call: { kernel } }: SharedKernel): string {
    const { mode } = this.#options;
    // Both versions of WebGL call themselves gpu.
    const actual = kernel.constructor.mode === 'gpu' ? mode : kernel.constructor.mode;
    return `a kernel in mode ${actual}${typeof kernel.fallbackReason === 'string' ? ` (${kernel.fallbackReason})` : ''}`;
  }

  #release(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#idle.add(key);
    const [oldest] = this.#idle;
    if (sizeOf(entry.output) > idleCells) this.#destroy(key);
    else if (this.#idle.size > idleLimit) this.#destroy(oldest!);
  }

  #destroy(key: string): void {
    this.#options.runner.destroy(this.#entries.get(key)!.call);
    this.#entries.delete(key);
    this.#idle.delete(key);
  }

  #create({ text, arrays, numbers, helpers, output }: KernelSource, isResizable: boolean): GpuKernelFunction {
    const { gpu, mode, runner, argumentType, mayFallBack } = this.#options;
    const refuse = (): never => {
      throw new BackendError(
        `gpu.js cannot run a kernel in mode "${mode}" and would run it as plain JavaScript:\n${text}`,
        'backend.unsupported',
      );
    };
    return gpu.createKernel(text, {
      output: [...output],
      argumentTypes: Object.fromEntries([
        ...Array.from({ length: arrays }, (_, index) => [arrayName(index), argumentType]),
        ...numbers.map(({ name, type }) => [name, type]),
      ]),
      returnType: 'Number',
      functions: helpers.map(({ source, argumentTypes, returnType }) => ({ source, settings: { argumentTypes, returnType } })),
      precision: 'single',
      tactic: 'precision',
      loopMaxIterations: 2 ** 30,
      pipeline: runner.keepsResults,
      immutable: runner.keepsResults,
      asyncMode: false,
      // Kernels are shared by programs whose arrays differ in length.
      dynamicArguments: true,
      dynamicOutput: isResizable,
      ...(mayFallBack ? {} : { onRequestFallback: refuse }),
    });
  }
}
