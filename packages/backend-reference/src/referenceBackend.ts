// The backend that defines the numbers: every instruction as given, every composite by its decomposition, all f32 values in float64.
import { hostDevice, kernelBackend } from '@nn/core';
import type { Backend } from '@nn/core';
import { kernels } from './kernels.ts';

/**
 * A float64 interpreter, slow on purpose. f32 values keep 64 bits from end to end: inputs and variables given as Float64Array lose
 * nothing, and results come as Float64Array. i32, u8 and bool are exact.
 */
export function referenceBackend(): Backend {
  const capabilities = { precision: 'f64', strictFloat: true, subnormals: true, exactIntegers: true, threads: 1 } as const;
  return kernelBackend('reference', capabilities, hostDevice({ f32: Float64Array }), kernels, { optimize: false });
}
