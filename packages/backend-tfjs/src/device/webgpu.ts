// The device "webgpu", in browsers and, with Dawn, in Node. It has a GPUDevice of its own.
import { BackendError } from '@nn/core';
import type { TensorInfo } from '../vendor/contract.ts';
import type { Uniform, VendorWebGpu, WebGpuBackend } from '../vendor/webgpu.ts';
import { loadVendor } from '../vendor/load.ts';
import { findGpu } from './gpu.ts';
import type { ShaderCall } from '../shader/program.ts';
import { ShaderRuntime } from '../shader/shaderRuntime.ts';
import type { RuntimeParts } from './runtime.ts';
import { WebGpuPipelines } from './webgpuPipelines.ts';

class WebGpuRuntime extends ShaderRuntime<WebGpuBackend> {
  readonly #pipelines: WebGpuPipelines;

  constructor(parts: RuntimeParts<WebGpuBackend>, device: GPUDevice) {
    // One binding is the output's.
    super(parts, device.limits.maxStorageBuffersPerShaderStage - 1);
    this.#pipelines = new WebGpuPipelines(device);
  }

  protected dispatch({ program, integers, reals = [], dtype }: ShaderCall, length: number, inputs: readonly TensorInfo[]): TensorInfo {
    const { backend } = this;
    const output = backend.makeTensorInfo([length], dtype);
    // As they are where nothing is computed.
    if (length === 0) return output;
    for (const { dataId } of [output, ...inputs]) backend.uploadToGPU(dataId);
    const uniforms = [
      ...integers.map((value): Uniform => ({ type: 'int32', data: [value] })),
      ...reals.map((value): Uniform => ({ type: 'float32', data: [value] })),
    ];
    const recorded = { ...this.#pipelines.forElements(program, length), outputShape: [length], size: true };
    backend.recordAndSubmit(recorded, output, inputs, uniforms);
    return output;
  }
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
    device,
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
