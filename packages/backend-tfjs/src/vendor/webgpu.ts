// The part of `@tensorflow/tfjs-backend-webgpu` and of Dawn that this package calls.
import type { DataId, TensorInfo, VendorBackend, VendorDType } from './contract.ts';

export interface VendorWebGpu {
  readonly WebGPUBackend: new (device: GPUDevice, adapterInfo: GPUAdapterInfo) => WebGpuBackend;
}

export interface WebGpuBackend extends VendorBackend {
  /** Commands that were recorded and not submitted. */
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: VendorDType): TensorInfo;
  /** Gives elements a buffer on the device, unless they have one. */
  uploadToGPU(dataId: DataId): void;
  /** Adds a dispatch to the commands, and submits those when they are many. */
  recordAndSubmit(program: RecordedProgram, output: TensorInfo, inputs: readonly TensorInfo[], uniforms: readonly Uniform[]): void;
}

/** A number of a program, in a buffer of them. */
export interface Uniform {
  readonly type: 'int32' | 'float32';
  readonly data: number[];
}

/**
 * What a dispatch needs. Bindings are the output, the inputs and the numbers: NaN, infinity, the shape and the strides of each input and of
 * the output, the number of elements of the output, and those that are given.
 */
export interface RecordedProgram {
  readonly pipeline: GPUComputePipeline;
  readonly outputShape: readonly number[];
  readonly dispatch: readonly [number, number, number];
  /** Whether the number of elements is among the numbers. */
  readonly size: boolean;
}

/** `webgpu`: Dawn as a module of Node. */
export interface Dawn {
  create(options: readonly string[]): GPU;
  /** What a page has as globals: constructors and constants. */
  readonly globals: Readonly<Record<string, unknown>>;
}
