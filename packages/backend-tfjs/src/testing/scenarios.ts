// What every device has to stand, on the devices of TensorFlow.js, in Node and in a page alike.
import * as shared from '@nn-tooling/training-scenarios';
import type { DeviceLoss, OpenBackend } from '@nn-tooling/training-scenarios';
import type { Store } from '@nn/core';
import { openDevice } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';
import type { App } from './tfjs.ts';

/** The losses of a training. */
export function curveOn(device: DeviceName, steps: number): Promise<number[]> {
  return shared.curveOn(opened(device), steps);
}

/** The losses of one that comes from the reference and goes back there. */
export function movedCurve(device: DeviceName, steps: number): Promise<number[]> {
  return shared.movedCurve([opened(device)], steps);
}

/** Arrays that the device holds on the way. */
export function heldDuring(device: DeviceName, steps: number): Promise<number[]> {
  return shared.heldDuring(opened(device), steps);
}

/** What a long training holds at ten times on the way. */
export interface HeldMemory {
  /** On the device, our own. */
  readonly arrays: readonly number[];
  /** Of the device, as its backend counts them; those of `cpu` and `wasm` do not. */
  readonly deviceBytes: readonly number[];
  /** Of the trainer's variables. */
  readonly storeBytes: readonly number[];
  /** `tf.memory()` of the application. */
  readonly application: readonly { readonly numTensors: number; readonly numBytes: number }[];
}

export async function memoryDuring(device: DeviceName, steps: number): Promise<HeldMemory> {
  const [deviceBytes, storeBytes, application] = [[] as number[], [] as number[], [] as HeldMemory['application'][number][]];
  const open: OpenBackend = async () => {
    const { backend, runtime } = await openDevice({ device });
    const stores: Store[] = [];
    const createStore = backend.createStore.bind(backend);
    backend.createStore = async (variables) => {
      const store = await createStore(variables);
      stores.push(store);
      return store;
    };
    const vendor = runtime.backend as typeof runtime.backend & MemoryCounts;
    const core = runtime.core as typeof runtime.core & Pick<App, 'memory'>;
    await core.ready();
    const held = (): number => {
      const { numTensors, numBytes } = core.memory();
      application.push({ numTensors, numBytes });
      deviceBytes.push(vendor.memory?.().numBytesInGPU ?? 0);
      storeBytes.push(stores.reduce((sum, { bytes }) => sum + bytes, 0));
      return runtime.backend.numDataIds();
    };
    return { backend, held, takeAway: () => undefined };
  };
  return { arrays: await shared.heldDuring(open, steps), deviceBytes, storeBytes, application };
}

/** What some backends of TensorFlow.js count. */
interface MemoryCounts {
  memory?(): { readonly numBytesInGPU?: number };
}

/** A training whose device is taken away. */
export function loseDevice(device: 'webgl' | 'webgpu'): Promise<DeviceLoss> {
  return shared.loseDevice(opened(device));
}

const opened =
  (device: DeviceName): OpenBackend =>
  async () => {
    const { backend, runtime } = await openDevice({ device });
    return { backend, held: () => runtime.backend.numDataIds(), takeAway: () => takeAway(runtime.backend) };
  };

function takeAway(backend: object): void {
  if ('device' in backend) (backend.device as GPUDevice).destroy();
  if ('gpgpu' in backend) (backend.gpgpu as { gl: WebGL2RenderingContext }).gl.getExtension('WEBGL_lose_context')!.loseContext();
}
