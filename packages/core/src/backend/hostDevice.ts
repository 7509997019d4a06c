// A device whose memory are typed arrays of JavaScript: for backends that compute on the host.
import { allocateTyped, bytesPerElement } from '../array/dtype.ts';
import type { TypedArray } from '../array/dtype.ts';
import { NdArray } from '../array/ndarray.ts';
import type { Device } from './device.ts';

export interface HostDeviceOptions {
  /** How f32 elements are held (default in 32 bits); 64 bits keep the precision of results and of inputs given as Float64Array. */
  readonly f32?: typeof Float32Array | typeof Float64Array;
  /** Bytes a program or store may hold. */
  readonly memoryLimit?: number;
  /** See {@link Device.pause}; by default a run goes on to its end. */
  readonly pause?: () => Promise<void> | undefined;
}

/** Typed arrays as a device. Kernels are done when they return; without `pause`, runs are done when `run` returns. */
export function hostDevice({ f32 = Float32Array, memoryLimit = 2 ** 36, pause }: HostDeviceOptions = {}): Device<TypedArray> {
  return {
    memoryLimit,
    bytesPerElement: (dtype) => (dtype === 'f32' ? f32.BYTES_PER_ELEMENT : bytesPerElement(dtype)),
    allocate: (dtype, length) => (dtype === 'f32' ? new f32(length) : allocateTyped(dtype, length)),
    write: (buffer, array) => buffer.set(array.data),
    read: (buffer, { shape, dtype }) => new NdArray(buffer.slice(), shape, dtype),
    copy: (from, to) => to.set(from),
    ...(pause === undefined ? {} : { pause }),
  };
}
