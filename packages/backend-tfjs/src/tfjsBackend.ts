// The factory of the backend.
import { checkChoice, checkNumber, kernelBackend, resolveOptions } from '@nn/core';
import type { Backend, Capabilities, Device, KernelTable } from '@nn/core';
import type { Cell } from './device/cell.ts';
import { cpuRuntime } from './device/cpu.ts';
import { tfjsDevice } from './device/device.ts';
import type { Runtime } from './device/runtime.ts';
import { wasmRuntime } from './device/wasm.ts';
import { webglDevice } from './device/webgl.ts';
import { webgpuDevice } from './device/webgpu.ts';
import { keepsComposite } from './kernels/composites.ts';
import { appTensor } from './bridge/appTensor.ts';
import { pageTurns } from './host/pause.ts';
import { hostKernels } from './host/table.ts';
import { shaderKernels } from './shader/table.ts';
import type { DeviceName } from './vendor/contract.ts';

export interface TfjsOptions {
  /** Which device of TensorFlow.js computes. */
  readonly device: DeviceName;
  /** Bytes that programs and stores may hold together (default: 1 GiB). */
  readonly memoryLimit?: number;
}

const deviceNames: readonly DeviceName[] = ['cpu', 'wasm', 'webgl', 'webgpu'];

/**
 * A backend on a device of TensorFlow.js.
 *
 * @throws ConfigError for an option that does not exist, BackendError `backend.unavailable` where the packages of the device are not
 * installed or the device is not there
 */
export async function tfjsBackend(options: TfjsOptions): Promise<Backend> {
  return (await openDevice(options)).backend;
}

/** The backend, and the device below it, whose memory tests look into. */
export async function openDevice(options: TfjsOptions): Promise<{ readonly backend: Backend; readonly runtime: Runtime }> {
  const defaults: { device: DeviceName | undefined; memoryLimit: number } = { device: undefined, memoryLimit: 2 ** 30 };
  const { device: named, memoryLimit } = resolveOptions('tfjsBackend', options, defaults);
  const device = checkChoice('tfjsBackend', 'device', named, deviceNames);
  checkNumber('tfjsBackend', 'memoryLimit', memoryLimit, { above: 0 });
  const { runtime, capabilities, cells, kernels } = await starters[device](memoryLimit);
  const backend = kernelBackend(`tfjs:${device}`, capabilities, cells, kernels, { keeps: keepsComposite });
  backend.toForeign = (array) => appTensor(runtime.core, array);
  return { runtime, backend };
}

interface Started {
  readonly runtime: Runtime;
  readonly capabilities: Capabilities;
  readonly cells: Device<Cell>;
  readonly kernels: KernelTable<Cell>;
}

const hostArithmetic = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true, accuracy: 'relaxed' } as const;
const shaderArithmetic = { precision: 'f32', strictFloat: false, subnormals: false, accuracy: 'shader', threads: 1 } as const;

const hostCells = (runtime: Runtime, memoryLimit: number): Device<Cell> => {
  const pause = pageTurns();
  return tfjsDevice(runtime, pause === undefined ? { memoryLimit } : { memoryLimit, pause });
};

const starters: Readonly<Record<DeviceName, (memoryLimit: number) => Promise<Started>>> = {
  async cpu(memoryLimit) {
    const runtime = await cpuRuntime();
    return {
      runtime,
      capabilities: { ...hostArithmetic, threads: 1 },
      cells: hostCells(runtime, memoryLimit),
      kernels: hostKernels(runtime),
    };
  },
  async wasm(memoryLimit) {
    const { runtime, threads } = await wasmRuntime();
    return {
      runtime,
      capabilities: { ...hostArithmetic, threads },
      cells: hostCells(runtime, memoryLimit),
      kernels: hostKernels(runtime),
    };
  },
  async webgl(memoryLimit) {
    const { runtime, finish } = await webglDevice();
    return {
      runtime,
      // Elements are floats there, integers too.
      capabilities: { ...shaderArithmetic, exactIntegers: false },
      cells: tfjsDevice(runtime, { memoryLimit, finish }),
      kernels: shaderKernels(runtime),
    };
  },
  async webgpu(memoryLimit) {
    const { runtime, finish, notes } = await webgpuDevice();
    return {
      runtime,
      capabilities: { ...shaderArithmetic, exactIntegers: true, notes },
      cells: tfjsDevice(runtime, { memoryLimit, finish }),
      kernels: shaderKernels(runtime),
    };
  },
};
