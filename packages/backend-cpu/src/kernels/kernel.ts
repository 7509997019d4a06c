// The type of this backend's kernels.
import { sizeOf } from '@nn/core';
import type { KernelTable, Shape, TypedArray } from '@nn/core';

/** Kernels work on typed arrays: f32 in Float32Array, i32 in Int32Array, u8 and bool in Uint8Array. */
export type CpuKernel<Name extends keyof KernelTable<TypedArray>> = NonNullable<KernelTable<TypedArray>[Name]>;

/** Seen as [outer, extent, inner] around one axis. */
export interface AroundAxis {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

export function aroundAxis(shape: Shape, axis: number): AroundAxis {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
