// Devices whose memory JavaScript reaches: kernels of our own can work there, as loops.
import type { Shape, TypedArray } from '@nn/core';
import { Runtime } from '../device/runtime.ts';
import type { RuntimeParts } from '../device/runtime.ts';
import type { TensorInfo, VendorBackend, VendorDType } from '../vendor/contract.ts';

export interface HostRuntimeParts<B extends VendorBackend> extends Omit<RuntimeParts<B>, 'read'> {
  /** Elements that nobody has written yet. */
  readonly allocate: (shape: number[], dtype: VendorDType) => TensorInfo;
  /** The elements themselves. The view ends when anything is allocated. */
  readonly values: (info: TensorInfo) => TypedArray;
}

export class HostRuntime<B extends VendorBackend = VendorBackend> extends Runtime<B> {
  readonly values: (info: TensorInfo) => TypedArray;
  readonly #allocate: (shape: number[], dtype: VendorDType) => TensorInfo;

  constructor({ allocate, values, ...parts }: HostRuntimeParts<B>) {
    super({ ...parts, read: values });
    this.values = values;
    this.#allocate = allocate;
  }

  allocate(shape: Shape, dtype: VendorDType): TensorInfo {
    return this.#allocate([...shape], dtype);
  }
}
