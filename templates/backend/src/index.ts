// The backend: a device that holds buffers, and kernels that work on them. What has no kernel yet runs on the reference.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Capabilities } from '@nn/core';
import { hostDevice, kernelBackend } from '@nn/core';
import { kernels } from './kernels.ts';

/** What the device can do. The conformance suite holds the backend to it. */
const capabilities: Capabilities = {
  precision: 'f32',
  strictFloat: true,
  subnormals: true,
  exactIntegers: true,
  threads: 1,
};

/** nn on my device. The command nn-conformance finds it, because its name ends with Backend. */
export function mineBackend(): Backend {
  return kernelBackend('mine', capabilities, hostDevice(), kernels, { fallback: referenceBackend() });
}
