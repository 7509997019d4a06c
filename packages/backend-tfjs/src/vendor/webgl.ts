// The part of `@tensorflow/tfjs-backend-webgl` that this package calls.
import type { TensorInfo, VendorBackend, VendorDType } from './contract.ts';

export interface VendorWebGl {
  readonly MathBackendWebGL: new (context: GpgpuContext) => WebGlBackend;
  readonly GPGPUContext: new (gl: WebGL2RenderingContext) => GpgpuContext;
  /** Sets the context that is used by whoever brings none. */
  setWebGLContext(version: number, gl: WebGL2RenderingContext | null): void;
}

export interface GpgpuContext {
  readonly gl: WebGL2RenderingContext;
  /** Resolves when the GPU has done what was asked so far. */
  createAndWaitForFence: () => Promise<void>;
}

export interface WebGlBackend extends VendorBackend {
  readonly gpgpu: GpgpuContext;
  readonly texData: { get(dataId: object): { readonly isPacked?: boolean; readonly shape: number[] } };
  unpackTensor(input: TensorInfo): TensorInfo;
  runWebGLProgram(
    program: WebGlProgram,
    inputs: readonly TensorInfo[],
    outputDtype: VendorDType,
    uniforms: readonly (readonly number[])[],
  ): TensorInfo;
}

export interface WebGlProgram {
  variableNames: string[];
  outputShape: number[];
  userCode: string;
  customUniforms: { name: string; type: 'int' | 'float' }[];
  /** Shapes are uniforms, so that a program serves all of them. */
  enableShapeUniforms: boolean;
  packedInputs: false;
  packedOutput: false;
}
