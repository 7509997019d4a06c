// Values are textures of a WebGL 2 context.
import { BackendError } from '@nn/core';
import { flatResult } from './floats.ts';
import type { Gpu, GpuArgument, GpuHandle, GpuKernelFunction, GpuKernelSettings, GpuLibrary } from './gpu.ts';
import { isHandle } from './gpu.ts';
import type { Runner } from './runner.ts';

const copySource = 'function (a0) { return a0[this.thread.x]; }';
/** Milliseconds between two looks at whether the device is done. */
const patience = 1;

export class WebGl2Runner implements Runner<GpuHandle> {
  readonly keepsResults = true;
  readonly #library: GpuLibrary;
  readonly #gpu: Gpu;
  /** Copies an array to a texture; its extents change from call to call. */
  readonly #upload: GpuKernelFunction;
  /** Copies a texture to an array, without waiting for it. */
  readonly #download: GpuKernelFunction;

  constructor(library: GpuLibrary, gpu: Gpu) {
    this.#library = library;
    this.#gpu = gpu;
    const settings = (argumentType: string, keeps: boolean): GpuKernelSettings => ({
      output: keeps ? [1, 1, 1] : [1],
      argumentTypes: { a0: argumentType },
      returnType: 'Number',
      functions: [],
      precision: 'single',
      tactic: 'precision',
      loopMaxIterations: 1,
      pipeline: keeps,
      immutable: keeps,
      asyncMode: !keeps,
      dynamicOutput: true,
      dynamicArguments: true,
    });
    this.#upload = gpu.createKernel(copySource, settings('Input', true));
    this.#download = gpu.createKernel(copySource, settings('ArrayTexture(1)', false));
  }

  upload(values: Float32Array<ArrayBuffer>): GpuHandle {
    const length = Math.max(1, values.length);
    this.#upload.setOutput([length, 1, 1]);
    return this.call(this.#upload, [this.#library.input(values.length === 0 ? new Float32Array(1) : values, [length])]);
  }

  call(kernel: GpuKernelFunction, operands: readonly GpuArgument[]): GpuHandle {
    const result = kernel(...operands);
    if (isHandle(result)) return result;
    throw new BackendError(`A kernel of gpu.js returned ${typeof result} in place of a texture.`, 'backend.failed');
  }

  async read(value: GpuHandle, length: number): Promise<Float32Array<ArrayBuffer>> {
    this.#download.setOutput([Math.max(1, length)]);
    const result = await this.#download(value);
    // A context that is lost while it is read gives zeros.
    this.expectPresent();
    return flatResult(result, length);
  }

  free(value: GpuHandle): void {
    value.delete();
  }

  async finish(): Promise<void> {
    const gl = this.#gpu.context;
    const sync = gl?.fenceSync?.(gl.SYNC_GPU_COMMANDS_COMPLETE, 0) ?? null;
    if (gl === null || sync === null) return this.expectPresent();
    gl.flush();
    while (gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED) await new Promise((resolve) => setTimeout(resolve, patience));
    gl.deleteSync(sync);
    this.expectPresent();
  }

  expectPresent(): void {
    if (this.#gpu.context?.isContextLost?.()) {
      throw new BackendError('The WebGL context was lost. Make another backend, and move there.', 'backend.lost');
    }
  }

  dispose(): void {}
}
