// Training on the devices that Node has: the reference's losses, also where a run moves between backends, and memory that does not grow.
import { referenceBackend } from '@nn/backend-reference';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareCurves, newTrainer, train, trainingSteps } from './testing/training.ts';
import { openDevice, tfjsBackend } from './tfjsBackend.ts';

const curve = JSON.parse(readFileSync(new URL('testing/curve.json', import.meta.url), 'utf8')) as number[];

it('the stored losses are those of the reference', async () => {
  const trainer = await newTrainer(referenceBackend());
  expect(await train(trainer, 3)).toEqual(curve.slice(0, 3));
});

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  it('training follows the curve of the reference', async () => {
    const backend = await tfjsBackend({ device });
    const { early, late } = compareCurves(await train(await newTrainer(backend), trainingSteps), curve);
    expect(early).toBeLessThan(1e-4);
    expect(late).toBeLessThan(0.02);
    await backend.dispose();
  }, 60_000);

  it('training goes on where another backend stopped, and back', async () => {
    const [backend, reference] = [await tfjsBackend({ device }), referenceBackend()];
    const trainer = await newTrainer(reference);
    const losses = await train(trainer, 30, async (step) => {
      if (step === 8) await trainer.moveTo(backend);
      if (step === 20) await trainer.moveTo(reference);
    });
    expect(compareCurves(losses, curve.slice(0, 30)).early).toBeLessThan(1e-4);
    await trainer.dispose();
    await backend.dispose();
  }, 60_000);

  it('training holds as much memory after 1,000 steps as after 10', async () => {
    const { backend, runtime } = await openDevice({ device });
    const trainer = await newTrainer(backend);
    const held: number[] = [];
    await train(trainer, 1000, (step) => {
      if (step > 10 && step % 99 === 0) held.push(runtime.backend.numDataIds());
    });
    expect(held).toHaveLength(10);
    expect(new Set(held).size).toBe(1);
    await trainer.dispose();
    await backend.dispose();
  }, 120_000);
});
