// Values are buffers of a WebGPU device. gpu.js has one device for all of its instances.
import { BackendError } from '@nn/core';
import { flatResult } from './floats.ts';
import type { Gpu, GpuArgument, GpuHandle, GpuKernelFunction, GpuLibrary, UncapturedError, WebGpuContext } from './gpu.ts';
import { isHandle } from './gpu.ts';
import type { KernelSource } from '../source/stage.ts';
import type { Runner } from './runner.ts';
import { UnderWay } from './underWay.ts';

export class WebGpuRunner implements Runner<GpuHandle> {
  readonly keepsResults = true;
  readonly #library: Pick<GpuLibrary, 'input'>;
  /** Copies an array to the device; its extents change from call to call. */
  readonly #upload: GpuKernelFunction;
  #context: WebGpuContext | undefined;
  readonly #underWay = new UnderWay();
  /** Kernels that are built before they are called. */
  readonly #building = new Set<Promise<unknown>>();

  constructor(library: Pick<GpuLibrary, 'input'>, gpu: Gpu) {
    this.#library = library;
    this.#upload = gpu.createKernel('function (a0) { return a0[this.thread.x]; }', {
      output: [1],
      argumentTypes: { a0: 'Input' },
      returnType: 'Number',
      functions: [],
      precision: 'single',
      loopMaxIterations: 1,
      pipeline: true,
      immutable: true,
      asyncMode: true,
      dynamicOutput: true,
      dynamicArguments: true,
    });
  }

  async upload(values: Float32Array<ArrayBuffer>): Promise<GpuHandle> {
    const length = Math.max(1, values.length);
    this.#upload.setOutput([length]);
    return this.call(this.#upload, [this.#library.input(values.length === 0 ? new Float32Array(1) : values, [length])]);
  }

  prepare({ kernel }: GpuKernelFunction, { arrays, numbers }: KernelSource): void {
    const values = [...Array.from({ length: arrays }, () => new Float32Array(1)), ...numbers.map(({ value }) => value)];
    const building = new Promise((resolve) => resolve(kernel.build(...values)))
      // The first call says what went wrong, if anything.
      .catch(() => {})
      .finally(() => this.#building.delete(building));
    this.#building.add(building);
  }

  async call(kernel: GpuKernelFunction, operands: readonly GpuArgument[]): Promise<GpuHandle> {
    let result: unknown;
    try {
      result = await kernel(...operands);
    } finally {
      // Also where it failed: the device may have been lost before anything was done on it.
      this.#watch(kernel.kernel.context);
    }
    if (isHandle(result)) return result;
    throw new BackendError(`A kernel of gpu.js returned ${typeof result} in place of a buffer.`, 'backend.failed');
  }

  read(value: GpuHandle, length: number): Promise<Float32Array<ArrayBuffer>> {
    return this.during(this.#read(value, length));
  }

  async #read(value: GpuHandle, length: number): Promise<Float32Array<ArrayBuffer>> {
    try {
      return flatResult(await value.toArray(), length);
    } catch (error) {
      this.expectPresent();
      throw error;
    }
  }

  free(value: GpuHandle): void {
    value.delete();
  }

  destroy(kernel: GpuKernelFunction): void {
    kernel.destroy();
  }

  finish(): Promise<void> {
    return this.during(this.#finish());
  }

  async #finish(): Promise<void> {
    if (this.#building.size > 0) await Promise.all(this.#building);
    await this.#context?.device.queue.onSubmittedWorkDone();
    this.expectPresent();
  }

  during<T>(work: Promise<T>): Promise<T> {
    return this.#underWay.during(work);
  }

  expectPresent(): void {
    if (this.#context?.isLost) throw new BackendError('The WebGPU device was lost. Make another backend, and move there.', 'backend.lost');
  }

  dispose(): void {
    this.#context?.device.removeEventListener('uncapturederror', this.#onError);
  }

  readonly #onError = ({ error: { message, constructor } }: UncapturedError): void => {
    const code = constructor.name === 'GPUOutOfMemoryError' ? 'backend.out-of-memory' : 'backend.failed';
    this.#underWay.fail(new BackendError(`The WebGPU device reports: ${message}`, code));
  };

  /** WebGPU tells of errors later, and to whoever listens. */
  #watch(context: WebGpuContext | null | undefined): void {
    if (this.#context !== undefined || context === null || context === undefined) return;
    this.#context = context;
    context.device.addEventListener('uncapturederror', this.#onError);
  }
}
