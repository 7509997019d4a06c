// Arrays as tensors of the application that uses TensorFlow.js beside this package.
import type { NdArray, OwnedForeignTensor } from '@nn/core';
import type { VendorCore } from '../vendor/contract.ts';

/** A `tf.Tensor` on the backend that the application has set, for it to dispose. Bytes come as int32, which has room for them. */
export async function appTensor(core: VendorCore, { data, shape, dtype }: NdArray): Promise<OwnedForeignTensor> {
  await core.ready();
  switch (dtype) {
    case 'f32':
      return core.tensor(Float32Array.from(data), shape, 'float32');
    case 'i32':
    case 'u8':
      return core.tensor(Int32Array.from(data), shape, 'int32');
    case 'bool':
      return core.tensor(Uint8Array.from(data), shape, 'bool');
  }
}
