// The part of `@tensorflow/tfjs-backend-webgl` that this package calls.
import type { TypedArray } from '@nn/core';
import type { DataId, TensorInfo, VendorBackend, VendorDType } from './contract.ts';

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
  /** With the vertex shader that all programs have. @throws when they do not link */
  createProgram(fragmentShader: WebGLShader): LinkedProgram;
  /** Binds a program and the vertices of a rectangle to it. */
  buildVao(program: LinkedProgram): void;
  setProgram(program: LinkedProgram): void;
  bindVertexArray(vao: WebGLVertexArrayObject): void;
  setInputMatrixTexture(texture: WebGLTexture, location: WebGLUniformLocation, unit: number): void;
  setOutputMatrixTexture(texture: WebGLTexture, rows: number, columns: number): void;
  /** Draws the rectangle: every element of the output. */
  executeProgram(): void;
}

export interface LinkedProgram extends WebGLProgram {
  readonly vao: WebGLVertexArrayObject;
}

/** Where elements are. */
export interface ElementData {
  /** Four elements in a texel instead of one. */
  readonly isPacked?: boolean;
  readonly shape: number[];
  /** Those that are on the host. */
  values?: TypedArray | null;
  /** What the texture is for: null for one that programs write and read, one element in a texel. */
  usage: number | null;
  readonly texture?: { readonly texture: WebGLTexture } | null;
  /** Rows and columns of the texture. */
  readonly texShape?: readonly [number, number] | null;
}

/** Elements on the GPU. */
export type TextureData = ElementData & { readonly [K in 'texture' | 'texShape']: NonNullable<ElementData[K]> };

export interface WebGlBackend extends VendorBackend {
  readonly gpgpu: GpgpuContext;
  readonly texData: { get(dataId: DataId): ElementData };
  makeTensorInfo(shape: number[], dtype: VendorDType): TensorInfo;
  /** Gives elements a texture, unless they have one. */
  uploadToGPU(dataId: DataId): void;
  unpackTensor(input: TensorInfo): TensorInfo;
}
