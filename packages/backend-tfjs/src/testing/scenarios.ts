// What every device has to stand, as functions that run in Node and in a page alike and report in plain data.
import { isNnError, zeros } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { newTrainer, train } from './training.ts';
import { openDevice, tfjsBackend } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';

/** The loss of each step. */
export async function curveOn(device: DeviceName, steps: number): Promise<number[]> {
  const backend = await tfjsBackend({ device });
  const losses = await train(await newTrainer(backend), steps);
  await backend.dispose();
  return losses;
}

/** The same for a run that begins on the reference, goes on on the device from step 8 on, and ends on the reference from step 20 on. */
export async function movedCurve(device: DeviceName, steps: number): Promise<number[]> {
  const [backend, reference] = [await tfjsBackend({ device }), referenceBackend()];
  const trainer = await newTrainer(reference);
  const losses = await train(trainer, steps, async (step) => {
    if (step === 8) await trainer.moveTo(backend);
    if (step === 20) await trainer.moveTo(reference);
  });
  await backend.dispose();
  return losses;
}

/** Arrays that the device holds, looked at ten times on the way, from step 11 on. */
export async function heldDuring(device: DeviceName, steps: number): Promise<number[]> {
  const { backend, runtime } = await openDevice({ device });
  const trainer = await newTrainer(backend);
  const held: number[] = [];
  const every = Math.floor((steps - 11) / 10);
  await train(trainer, steps, (step) => {
    if (step > 10 && (step - 11) % every === 0 && held.length < 10) held.push(runtime.backend.numDataIds());
  });
  await trainer.dispose();
  await backend.dispose();
  return held;
}

export interface Loss {
  /** Of the error of the next run, and of reading a variable. */
  readonly codes: readonly string[];
  /** All losses of a run that went on on a new backend, from the last copy on the host. */
  readonly losses: readonly number[];
}

/** Takes the device away after 5 steps. */
export async function loseDevice(device: 'webgl' | 'webgpu'): Promise<Loss> {
  const { backend, runtime } = await openDevice({ device });
  const trainer = await newTrainer(backend);
  const before = await train(trainer, 5);
  const checkpoint = await trainer.toCheckpoint();
  takeAway(runtime.backend);
  const codes = [
    await codeOf(() => train(trainer, 6)),
    await codeOf(() => trainer.network.read('dense1/kernel')),
    await codeOf(() => backend.createStore({ x: zeros([1]) })),
  ];
  const next = await tfjsBackend({ device });
  const restored = await newTrainer(next);
  await restored.loadCheckpoint(checkpoint);
  const after = await train(restored, 5);
  await next.dispose();
  return { codes, losses: [...before, ...after] };
}

function takeAway(backend: object): void {
  if ('device' in backend) (backend.device as GPUDevice).destroy();
  if ('gpgpu' in backend) (backend.gpgpu as { gl: WebGL2RenderingContext }).gl.getExtension('WEBGL_lose_context')!.loseContext();
}

async function codeOf(task: () => Promise<unknown>): Promise<string> {
  try {
    await task();
    return 'no error';
  } catch (error) {
    return isNnError(error) ? error.code : String(error);
  }
}
