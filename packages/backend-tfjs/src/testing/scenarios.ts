// What every device has to stand, on the devices of TensorFlow.js, in Node and in a page alike.
import * as shared from '@nn-tooling/training-scenarios';
import type { DeviceLoss, OpenBackend } from '@nn-tooling/training-scenarios';
import { openDevice } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';

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
