// A buffer as the contract of backends has it, over the handles of TensorFlow.js, whose elements never change: writing is taking another
// handle.
import type { DType, Shape, TypedArray } from '@nn/core';
import type { DataId, TensorInfo, VendorBackend } from '../vendor/contract.ts';
import { vendorDType } from './runtime.ts';

/** Up to so many elements, what came from the host is kept there too, so that kernels can be prepared with it. */
export const hostLength = 16;

export class Cell {
  readonly dtype: DType;
  readonly length: number;
  /** The elements, where they are few and came from the host or were computed there. */
  host: TypedArray | undefined;
  readonly #backend: VendorBackend;
  #dataId: DataId | undefined;

  constructor(backend: VendorBackend, dtype: DType, length: number) {
    this.#backend = backend;
    this.dtype = dtype;
    this.length = length;
  }

  /** The elements as a tensor of `shape`; nothing may be read before the first write. */
  tensor(shape: Shape): TensorInfo {
    const dtype = vendorDType[this.dtype];
    // Nobody writes a buffer without elements.
    if (this.length === 0) this.#dataId ??= this.#backend.write(new Float32Array(0), [0], dtype);
    if (this.#dataId === undefined) throw new Error('A buffer was read before it was written.');
    return { dataId: this.#dataId, shape: [...shape], dtype };
  }

  /** Takes a handle over, with its reference. */
  take(dataId: DataId, host?: TypedArray): void {
    this.free();
    this.#dataId = dataId;
    this.host = host;
  }

  /** The elements of another cell: both hold the same ones from then on. */
  share(other: Cell): void {
    if (other === this) return;
    if (other.#dataId === undefined) return this.free();
    this.#backend.incRef(other.#dataId);
    this.take(other.#dataId, other.host);
  }

  free(): void {
    if (this.#dataId !== undefined) this.#backend.disposeData(this.#dataId);
    this.#dataId = undefined;
    this.host = undefined;
  }
}
