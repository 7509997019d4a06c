// The part of `@tensorflow/tfjs-backend-webgpu` and of Dawn that this package calls.
import type { TensorInfo, VendorBackend, VendorDType } from './contract.ts';

export interface VendorWebGpu {
  readonly WebGPUBackend: new (device: GPUDevice, adapterInfo: GPUAdapterInfo) => WebGpuBackend;
}

export interface WebGpuBackend extends VendorBackend {
  /** Commands that were recorded and not submitted. */
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
  runWebGPUProgram(
    program: WebGpuProgram,
    inputs: readonly TensorInfo[],
    outputDtype: VendorDType,
    uniforms: readonly { readonly type: 'int32'; readonly data: readonly number[] }[],
  ): TensorInfo;
}

/** A program; running one changes it. */
export interface WebGpuProgram {
  variableNames: string[];
  outputShape: number[];
  dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  workgroupSize: [number, number, number];
  shaderKey: string;
  /** Whether the number of elements is a uniform. */
  size: boolean;
  /** Declarations of uniforms, each followed by a comma. */
  uniforms: string;
  getUserCode(): string;
}

/** `webgpu`: Dawn as a module of Node. */
export interface Dawn {
  create(options: readonly string[]): GPU;
  /** What a page has as globals: constructors and constants. */
  readonly globals: Readonly<Record<string, unknown>>;
}
