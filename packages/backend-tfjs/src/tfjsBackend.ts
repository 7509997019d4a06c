// The factory of the backend.
import { checkChoice, checkNumber, kernelBackend, resolveOptions } from '@nn/core';
import type { Backend } from '@nn/core';
import { cpuRuntime } from './device/cpu.ts';
import { tfjsDevice } from './device/device.ts';
import { wasmRuntime } from './device/wasm.ts';
import { hostKernels } from './host/table.ts';
import type { DeviceName } from './vendor/contract.ts';

export interface TfjsOptions {
  /** Which device of TensorFlow.js computes. */
  readonly device: DeviceName;
  /** Bytes that programs and stores may hold together (default: 1 GiB). */
  readonly memoryLimit?: number;
}

const deviceNames: readonly DeviceName[] = ['cpu', 'wasm', 'webgl', 'webgpu'];

const exact = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true } as const;

/**
 * A backend on a device of TensorFlow.js.
 *
 * @throws ConfigError for an option that does not exist, BackendError `backend.unavailable` where the packages of the device are not
 * installed or the device is not there
 */
export async function tfjsBackend(options: TfjsOptions): Promise<Backend> {
  const { device, memoryLimit } = resolveOptions('tfjsBackend', options, {
    device: undefined as unknown as DeviceName,
    memoryLimit: 2 ** 30,
  });
  checkChoice('tfjsBackend', 'device', device, deviceNames);
  checkNumber('tfjsBackend', 'memoryLimit', memoryLimit, { above: 0 });
  if (device === 'cpu') {
    const runtime = await cpuRuntime();
    return kernelBackend(
      'tfjs:cpu',
      { ...exact, accuracy: 'relaxed', threads: 1 },
      tfjsDevice(runtime, { memoryLimit }),
      hostKernels(runtime),
    );
  }
  const { runtime, threads } = await wasmRuntime();
  return kernelBackend('tfjs:wasm', { ...exact, accuracy: 'relaxed', threads }, tfjsDevice(runtime, { memoryLimit }), hostKernels(runtime));
}
