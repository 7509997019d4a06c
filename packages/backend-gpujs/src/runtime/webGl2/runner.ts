// Values are textures of a WebGL 2 context.
import { BackendError } from '@nn/core';
import type { Gpu, GpuArgument, GpuKernelFunction, GpuLibrary, GpuTexture } from '../gpu.ts';
import { isTexture } from '../gpu.ts';
import type { KernelSource } from '../../source/stage.ts';
import type { Runner } from '../runner.ts';
import { UnderWay } from '../underWay.ts';
import { WebGl2Compilation } from './compilation.ts';
import { reportedErrors } from './context.ts';
import { WebGl2Corners } from './corners.ts';
import { WebGl2Fence, WebGl2Reader } from './reading.ts';

export class WebGl2Runner implements Runner<GpuTexture> {
  readonly keepsResults = true;
  readonly #library: GpuLibrary;
  readonly #gl: WebGL2RenderingContext;
  readonly #compilation: WebGl2Compilation;
  readonly #corners: WebGl2Corners;
  readonly #fence: WebGl2Fence;
  readonly #underWay = new UnderWay();
  readonly #reader: WebGl2Reader;
  /** Copies an array to a texture; its extents change from call to call. */
  readonly #upload: GpuKernelFunction;
  #uploadedLength = 1;
  /** An array, for kernels that are built before there are arrays to call them with. */
  #sample: GpuTexture | undefined;

  constructor(library: GpuLibrary, gpu: Gpu) {
    this.#library = library;
    this.#upload = gpu.createKernel('function (a0) { return a0[this.thread.x]; }', {
      output: [1, 1, 1],
      argumentTypes: { a0: 'Input' },
      returnType: 'Number',
      functions: [],
      precision: 'single',
      tactic: 'precision',
      loopMaxIterations: 1,
      pipeline: true,
      immutable: true,
      asyncMode: false,
      dynamicOutput: true,
      dynamicArguments: true,
    });
    // It has a context since it has kernels.
    this.#gl = gpu.context!;
    this.#compilation = new WebGl2Compilation(this.#gl);
    this.#corners = new WebGl2Corners(this.#gl);
    this.#fence = new WebGl2Fence(this.#gl, () => this.#expectDone());
    this.#reader = new WebGl2Reader(this.#gl, this.#fence);
  }

  /** The most elements that an array may have: gpu.js puts them into one texture, as nearly square as it can. */
  get lengthLimit(): number {
    return Number(this.#gl.getParameter(this.#gl.MAX_TEXTURE_SIZE)) ** 2;
  }

  upload(values: Float32Array<ArrayBuffer>): GpuTexture {
    const length = Math.max(1, values.length);
    // gpu.js makes textures and a canvas anew for new extents, also where they are the old ones.
    if (length !== this.#uploadedLength) this.#upload.setOutput([length, 1, 1]);
    this.#uploadedLength = length;
    return this.call(this.#upload, [this.#library.input(values.length === 0 ? new Float32Array(1) : values, [length])]);
  }

  prepare({ kernel }: GpuKernelFunction, { arrays, numbers }: KernelSource): void {
    // The first call says what went wrong, if anything.
    try {
      this.#sample ??= this.upload(new Float32Array(1));
      const sample = this.#sample;
      const values = [...Array.from({ length: arrays }, () => sample), ...numbers.map(({ value }) => value)];
      this.#compilation.build(() => kernel.build(...values));
    } catch {}
  }

  call(kernel: GpuKernelFunction, operands: readonly GpuArgument[]): GpuTexture {
    this.#compilation.expectCall(kernel);
    const result = kernel(...operands);
    if (isTexture(result)) return result;
    throw new BackendError(`A kernel of gpu.js returned ${typeof result} in place of a texture.`, 'backend.failed');
  }

  async read({ texture, size }: GpuTexture, length: number): Promise<Float32Array<ArrayBuffer>> {
    const values = await this.during(this.#reader.read(texture, size, length));
    // A context that is lost while it is read gives zeros.
    this.expectPresent();
    return values;
  }

  free(value: GpuTexture): void {
    value.delete();
    // A kernel that was destroyed before its results has forgotten how to delete them, and holds them no longer.
    if (value.kernel.context === undefined) this.#gl.deleteTexture(value.texture);
  }

  destroy(kernel: GpuKernelFunction): void {
    this.#corners.use();
    // Results outlive it; gpu.js would take away those that it has in this list.
    kernel.kernel.textureCache?.splice(0);
    kernel.destroy();
  }

  finish(): Promise<void> {
    return this.during(this.#fence.passed());
  }

  during<T>(work: Promise<T>): Promise<T> {
    return this.#underWay.during(work);
  }

  /** A context that cannot do what it is asked for goes on without, and tells when it is asked. */
  #expectDone(): void {
    this.expectPresent();
    const gl = this.#gl;
    const errors = reportedErrors(gl);
    if (errors.length === 0) return this.#compilation.accept();
    const code = errors.includes(gl.OUT_OF_MEMORY) ? 'backend.out-of-memory' : 'backend.failed';
    const said = this.#compilation.failure();
    const reason = said === undefined ? '' : ` Its compiler refuses a shader of gpu.js: ${said}`;
    const failure = new BackendError(`The WebGL context reports error ${errors.join(' and ')}.${reason}`, code);
    this.#underWay.fail(failure);
    throw failure;
  }

  expectPresent(): void {
    if (this.#gl.isContextLost()) {
      throw new BackendError('The WebGL context was lost. Make another backend, and move there.', 'backend.lost');
    }
  }

  dispose(): void {
    if (this.#sample !== undefined) this.free(this.#sample);
  }
}
