// A buffer of the device: its elements are on the host, on the device, or both.
import type { DType, TypedArray } from '@nn/core';

/** Something on the device that several cells may hold. */
export interface Resident<V> {
  readonly value: V;
  holders: number;
}

/** What core allocates. Arrays on the host are never written into: another value is another array. */
export interface Cell<V = unknown> {
  readonly dtype: DType;
  readonly length: number;
  /** The elements with their dtype, all bits of them. */
  host: TypedArray | undefined;
  /** The elements as floats. */
  resident: Resident<V> | undefined;
}
