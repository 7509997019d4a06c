// The part of gpu.js that this backend uses, as types: its own declarations leave out what is asked for here.

/** What kernels and pipelines are called with. */
export type GpuArgument = Float32Array | GpuInput | GpuHandle | number;

/** A flat array with extents, fastest axis first. */
export interface GpuInput {
  readonly value: Float32Array;
  readonly size: ArrayLike<number>;
}

/** A result that stayed on the device. */
export interface GpuHandle {
  toArray(): unknown;
  delete(): void;
}

/** A result of mode webgl2. */
export interface GpuTexture extends GpuHandle {
  readonly texture: WebGLTexture;
  /** In texels. */
  readonly size: readonly [width: number, height: number];
  /** The kernel that made it; without a context when it was destroyed. */
  readonly kernel: { readonly context?: WebGL2RenderingContext };
}

/** The device of mode webgpu. */
export interface WebGpuContext {
  readonly isLost: boolean;
  readonly device: {
    readonly queue: { onSubmittedWorkDone(): Promise<unknown> };
    addEventListener(type: 'uncapturederror', listener: (event: UncapturedError) => void): void;
    removeEventListener(type: 'uncapturederror', listener: (event: UncapturedError) => void): void;
  };
}

/** An error of a device that nobody was waiting for. */
export interface UncapturedError {
  readonly error: { readonly message: string; readonly constructor: { readonly name: string } };
}

/** A kernel as gpu.js keeps it behind the function. It takes another one's place when it falls back. */
export interface GpuKernelState {
  readonly constructor: { readonly mode?: string };
  readonly fallbackReason?: string | null;
  /** In mode webgpu, once it is built. */
  readonly context?: WebGpuContext | null;
  /** Makes the kernel ready for calls with such values, which wait for it. In mode webgpu that is a promise. */
  build(...values: GpuArgument[]): unknown;
  /** In mode webgl2, once it is built. */
  readonly vertShader?: WebGLShader | null;
  readonly fragShader?: WebGLShader | null;
  readonly program?: WebGLProgram | null;
  /** In mode webgl2: textures that end with the kernel. */
  readonly textureCache?: WebGLTexture[];
}

export interface GpuKernelFunction {
  (...values: GpuArgument[]): unknown;
  readonly kernel: GpuKernelState;
  setOutput(output: number[]): unknown;
  destroy(): void;
}

export interface GpuPipelineFunction {
  (...values: GpuArgument[]): Promise<unknown>;
  /** The mode that runs it; null before the first run. */
  readonly backend: string | null;
  /** generic, fused-sync, fused-threaded or fused-encoder. */
  readonly executorKind: string;
  /** Why it is not fused. */
  readonly fallbackReason: string | null;
  destroy(): Promise<void>;
}

export interface GpuKernelSettings {
  readonly output: number[];
  readonly argumentTypes: Record<string, string>;
  readonly returnType: string;
  readonly functions: readonly { readonly source: string; readonly settings: object }[];
  readonly precision: 'single';
  readonly tactic?: 'precision';
  readonly loopMaxIterations: number;
  readonly pipeline: boolean;
  readonly immutable: boolean;
  readonly asyncMode: boolean;
  readonly dynamicOutput?: boolean;
  readonly dynamicArguments?: boolean;
  readonly onRequestFallback?: () => never;
}

/** A `GPU` of gpu.js. */
export interface Gpu {
  /** In mode webgl2. */
  readonly context: WebGL2RenderingContext | null;
  createKernel(source: string, settings: GpuKernelSettings): GpuKernelFunction;
  createPipeline(orchestration: (...handles: GpuArgument[]) => unknown, settings?: { readonly threads?: boolean }): GpuPipelineFunction;
  destroy(): Promise<void>;
}

/** What a `GPU` is made with. */
export interface GpuSettings {
  readonly mode: string;
  /** In mode webgl2: where it works, and what it takes for the canvas of that. */
  readonly context?: WebGL2RenderingContext;
  readonly canvas?: { readonly width: number; readonly height: number };
}

/** The constructor of {@link Gpu}, which says what there is. */
export interface GpuConstructor {
  new (settings: GpuSettings): Gpu;
  readonly isWebGL2Supported: boolean;
  /** Whether WebGL can write floats to textures. */
  readonly isSinglePrecisionSupported: boolean;
  readonly isWebAssemblySupported: boolean;
  isWebGPUAvailable(): Promise<boolean>;
}

/** The module. */
export interface GpuLibrary {
  readonly GPU: GpuConstructor;
  input(values: Float32Array, size: readonly number[]): GpuInput;
}

export function isTexture(value: unknown): value is GpuTexture {
  return isHandle(value) && 'texture' in value && 'kernel' in value;
}

export function isHandle(value: unknown): value is GpuHandle {
  return typeof value === 'object' && value !== null && 'toArray' in value && 'delete' in value;
}
