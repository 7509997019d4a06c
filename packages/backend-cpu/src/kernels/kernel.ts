// The type of this backend's kernels.
import type { Kernel, KernelTable, TypedArray } from '@nn/core';

/** Kernels work on typed arrays: f32 in Float32Array, i32 in Int32Array, u8 and bool in Uint8Array. */
export type CpuKernel<Name extends keyof KernelTable<TypedArray>> = NonNullable<KernelTable<TypedArray>[Name]>;

/** Seen as [outer, extent, inner] around one axis. */
export interface AroundAxis {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

export function aroundAxis(shape: readonly number[], axis: number): AroundAxis {
  const product = (extents: readonly number[]): number => extents.reduce((size, extent) => size * extent, 1);
  return { outer: product(shape.slice(0, axis)), extent: shape[axis]!, inner: product(shape.slice(axis + 1)) };
}
