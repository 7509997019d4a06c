// The device "webgpu", in browsers and, with Dawn, in Node. It has a GPUDevice of its own.
import { BackendError } from '@nn/core';
import type { TensorInfo } from '../vendor/contract.ts';
import type { VendorWebGpu, WebGpuBackend, WebGpuProgram } from '../vendor/webgpu.ts';
import { loadVendor } from '../vendor/load.ts';
import { findGpu } from './gpu.ts';
import type { ShaderCall, ShaderProgram } from '../shader/program.ts';
import { ShaderRuntime } from '../shader/shaderRuntime.ts';
import { helpersFor } from '../shader/functions.ts';
import { inputName, integerName, wgsl } from '../shader/wgsl.ts';

const workgroupSize = 64;

class WebGpuRuntime extends ShaderRuntime<WebGpuBackend> {
  protected dispatch({ program, integers, dtype }: ShaderCall, length: number, inputs: readonly TensorInfo[]): TensorInfo {
    const uniforms = integers.map((value) => ({ type: 'int32', data: [value] }) as const);
    return this.backend.runWebGPUProgram(vendorProgram(program, length), inputs, dtype, uniforms);
  }
}

/** A program as TensorFlow.js runs it: all arrays flat, one thread per element. */
function vendorProgram(program: ShaderProgram, length: number): WebGpuProgram {
  return {
    variableNames: program.inputs.map((_, input) => inputName(input)),
    outputShape: [length],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(length / workgroupSize), 1, 1],
    workgroupSize: [workgroupSize, 1, 1],
    shaderKey: `nn|${program.key}`,
    size: true,
    uniforms: Array.from({ length: program.integers }, (_, index) => `${integerName(index)} : i32,`).join(' '),
    getUserCode: () => {
      const { statements, value } = program.code(wgsl);
      const result = program.output === 'bool' ? `select(0, 1, ${value})` : value;
      const main = `fn main(index : i32) { if (index < uniforms.size) { ${statements}\nresult[index] = ${result}; } }`;
      return `${helpersFor(wgsl, main)}\n${main}`;
    },
  };
}

const isWebGpu = (module: unknown): module is VendorWebGpu => typeof (module as Partial<VendorWebGpu>).WebGPUBackend === 'function';

export interface WebGpuDevice {
  readonly runtime: ShaderRuntime;
  /** Resolves when the device has done everything asked so far. */
  readonly finish: () => Promise<void>;
  readonly notes: readonly string[];
}

/** @throws BackendError `backend.unavailable` */
export async function webgpuDevice(): Promise<WebGpuDevice> {
  const { device, adapterInfo, notes } = await findGpu();
  const { core, device: vendor } = await loadVendor('webgpu', isWebGpu);
  const backend = new vendor.WebGPUBackend(device, adapterInfo);
  const failures = new DeviceFailures(device);
  const runtime = new WebGpuRuntime(
    {
      name: 'webgpu',
      core,
      backend,
      read: async ({ dataId }) => {
        backend.incRef(dataId);
        try {
          const values = await backend.read(dataId);
          failures.throwFirst();
          return values;
        } catch (error) {
          await failures.settle();
          throw failures.lost === undefined ? error : runtime.lostError(failures.lost, error);
        } finally {
          backend.disposeData(dataId);
        }
      },
      lost: () => failures.lost,
      release: () => {
        failures.expectEnd();
        backend.dispose();
        device.destroy();
      },
    },
    // One binding is the output's.
    device.limits.maxStorageBuffersPerShaderStage - 1,
  );
  const finish = async (): Promise<void> => {
    if (backend.commandEncoder !== null) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
    await device.queue.onSubmittedWorkDone();
    runtime.expectPresent();
    failures.throwFirst();
  };
  return { runtime, finish, notes };
}

/** What a GPU device reports beside the calls that caused it. */
class DeviceFailures {
  /** Why the device is gone, when it is. */
  lost: string | undefined;
  #first: BackendError | undefined;
  #ending = false;

  constructor(device: GPUDevice) {
    void this.#noticeLoss(device);
    device.addEventListener('uncapturederror', (event) => {
      const code = event.error.constructor.name === 'GPUOutOfMemoryError' ? 'backend.out-of-memory' : 'backend.failed';
      this.#first ??= new BackendError(`The device of backend "tfjs:webgpu" failed: ${event.error.message}`, code);
      // Otherwise it is printed.
      event.preventDefault();
    });
  }

  async #noticeLoss(device: GPUDevice): Promise<void> {
    const { reason, message } = await device.lost;
    if (!this.#ending)
      this.lost = `${reason === 'destroyed' ? 'it was destroyed' : 'the GPU was reset'}${message === '' ? '.' : `: ${message}`}`;
  }

  /** The device is about to be destroyed by its owner. */
  expectEnd(): void {
    this.#ending = true;
  }

  /** Reports of a loss arrive a little later than the failures it causes. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** @throws the first error reported, once */
  throwFirst(): void {
    const error = this.#first;
    this.#first = undefined;
    if (error !== undefined) throw error;
  }
}
