// What every device has to stand, as functions that run in Node and in a page alike and report in plain data.
import { referenceBackend } from '@nn/backend-reference';
import { isNnError } from '@nn/core';
import type { Backend } from '@nn/core';
import { newTrainer, train } from './training.ts';

/** A backend, and what tests ask of the device below it. */
export interface OpenedBackend {
  readonly backend: Backend;
  /** How much the device holds, in any unit. */
  held(): number;
  /** Takes the device away, as a driver does that crashes. */
  takeAway(): void;
}

export type OpenBackend = () => Promise<OpenedBackend>;

/** The loss of each step. */
export async function curveOn(open: OpenBackend, steps: number): Promise<number[]> {
  const { backend } = await open();
  const losses = await train(await newTrainer(backend), steps);
  await backend.dispose();
  return losses;
}

/** The same for a run that begins on the reference, goes on on other backends from step 8 on, and ends on the reference from step 20 on. */
export async function movedCurve(open: readonly OpenBackend[], steps: number): Promise<number[]> {
  const backends = await Promise.all(open.map(async (one) => (await one()).backend));
  const reference = referenceBackend();
  const trainer = await newTrainer(reference);
  const span = Math.floor(12 / backends.length);
  const losses = await train(trainer, steps, async (step) => {
    const index = (step - 8) / span;
    if (Number.isInteger(index) && index >= 0 && index < backends.length) await trainer.moveTo(backends[index]!);
    if (step === 20) await trainer.moveTo(reference);
  });
  await Promise.all(backends.map((backend) => backend.dispose()));
  return losses;
}

/** What the device holds, looked at ten times on the way, from step 11 on. */
export async function heldDuring(open: OpenBackend, steps: number): Promise<number[]> {
  const { backend, held } = await open();
  const trainer = await newTrainer(backend);
  const found: number[] = [];
  const every = Math.floor((steps - 11) / 10);
  await train(trainer, steps, (step) => {
    if (step > 10 && (step - 11) % every === 0 && found.length < 10) found.push(held());
  });
  await trainer.dispose();
  await backend.dispose();
  return found;
}

export interface DeviceLoss {
  /** Of the errors of the next run, and of reading a variable. */
  readonly codes: readonly string[];
  /** All losses of a run that went on on a new backend, from the last copy on the host. */
  readonly losses: readonly number[];
}

/** Takes the device away after 5 steps. */
export async function loseDevice(open: OpenBackend): Promise<DeviceLoss> {
  const { backend, takeAway } = await open();
  const trainer = await newTrainer(backend);
  const before = await train(trainer, 5);
  const checkpoint = await trainer.toCheckpoint();
  takeAway();
  const codes = [await codeOf(() => train(trainer, 6)), await codeOf(() => trainer.network.read('dense1/kernel'))];
  const next = (await open()).backend;
  const restored = await newTrainer(next);
  await restored.loadCheckpoint(checkpoint);
  const after = await train(restored, 5);
  await next.dispose();
  return { codes, losses: [...before, ...after] };
}

async function codeOf(task: () => Promise<unknown>): Promise<string> {
  try {
    await task();
    return 'no error';
  } catch (error) {
    return isNnError(error) ? error.code : String(error);
  }
}
