// gpu.js kernels by their text: what programs have in common is made once, and destroyed when nobody uses it any more.
import { BackendError } from '@nn/core';
import type { KernelSource } from '../source/stage.ts';
import type { Gpu, GpuKernelFunction } from './gpu.ts';

/** A kernel that programs share. */
export interface SharedKernel {
  readonly call: GpuKernelFunction;
  /** To be called once per {@link KernelCache.take}. */
  release(): void;
}

export interface KernelCacheOptions {
  readonly gpu: Gpu;
  /** The mode that kernels have to run in. */
  readonly mode: string;
  /** Results stay on the device, each in memory of its own. */
  readonly keepsResults: boolean;
  /** gpu.js may run a kernel as plain JavaScript when it cannot in this mode. */
  readonly mayFallBack: boolean;
}

export class KernelCache {
  readonly #options: KernelCacheOptions;
  readonly #entries = new Map<string, { readonly call: GpuKernelFunction; users: number }>();

  constructor(options: KernelCacheOptions) {
    this.#options = options;
  }

  /** The kernel of a source, made when there is none. */
  take(source: KernelSource): SharedKernel {
    const key = `${source.output.join('x')} ${source.text}`;
    const entry = this.#entries.get(key) ?? { call: this.#create(source), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    return {
      call: entry.call,
      release: () => {
        entry.users -= 1;
        if (entry.users > 0) return;
        this.#entries.delete(key);
        entry.call.destroy();
      },
    };
  }

  #create({ text, helpers, output }: KernelSource): GpuKernelFunction {
    const { gpu, mode, keepsResults, mayFallBack } = this.#options;
    const parameters = /\(([^)]*)\)/
      .exec(text)![1]!
      .split(',')
      .flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    const refuse = (): never => {
      throw new BackendError(
        `gpu.js cannot run a kernel in mode "${mode}" and would run it as plain JavaScript:\n${text}`,
        'backend.unsupported',
      );
    };
    return gpu.createKernel(text, {
      output: [...output],
      argumentTypes: Object.fromEntries(parameters.map((name) => [name, 'Array'])),
      returnType: 'Number',
      functions: helpers.map(({ source, argumentTypes, returnType }) => ({ source, settings: { argumentTypes, returnType } })),
      precision: 'single',
      loopMaxIterations: 2 ** 30,
      pipeline: keepsResults,
      immutable: keepsResults,
      asyncMode: false,
      ...(mayFallBack ? {} : { onRequestFallback: refuse }),
    });
  }
}
