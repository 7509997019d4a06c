// Gradient accumulation: several batches are one update, and nothing else of training changes.
import { dense, sequential, tanh } from '@nn/layers';
import type { Optimizer } from '@nn/core';
import { adam, clipByNorm, sgd, stepDecay } from '@nn/optim';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { exponentialAverage } from '../averaging/exponentialAverage.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { l2 } from '../rules/l2.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import type { TrainerOptions } from '../trainer/createTrainer.ts';
import { createTrainer } from '../trainer/createTrainer.ts';
import type { Trainer } from '../trainer/trainer.ts';

const x = Array.from({ length: 24 }, (_, row) => [Math.sin(row), Math.cos(2 * row)]);
const data = { x, y: x.map(([a, b]) => [a! * b!]) };

const trainerOf = (optimizer: Optimizer, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer({
    model: sequential(dense(5), tanh(), dense(1)),
    loss: meanSquaredError(),
    optimizer,
    rules: [{ match: '**/kernel', regularizer: l2(0.01) }],
    backend: referenceBackend(),
    seed: 3,
    ...options,
  } as TrainerOptions) as Promise<Trainer>;

async function flat(trainer: Trainer): Promise<number[]> {
  return (Object.values(await modelVariables(trainer)) as unknown[][]).flat(2) as number[];
}

describe('gradientAccumulation', () => {
  it.each([
    ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ['adam, whose bias corrections count updates', () => adam({ learningRate: 0.05 })],
    ['a schedule, which counts updates', () => sgd({ learningRate: stepDecay({ initial: 0.1, factor: 0.5, every: 2 }) })],
  ])('of four batches is one batch of four times the size: %s', async (_, make) => {
    const options = { gradientTransforms: [clipByNorm(0.2)], weightAverage: exponentialAverage({ decay: 0.5 }) };
    const whole = await trainerOf(make(), options);
    const parts = await trainerOf(make(), { ...options, gradientAccumulation: 4 });
    await whole.fit(data, { epochs: 3, batchSize: 12, shuffle: false });
    await parts.fit(data, { epochs: 3, batchSize: 3, shuffle: false });
    expect([whole.step, parts.step]).toEqual([6, 24]);
    const [expected, found] = [await flat(whole), await flat(parts)];
    found.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 6));
    const [a, b] = [await whole.predict(x), await parts.predict(x)];
    b.data.forEach((value, index) => expect(value).toBeCloseTo(a.data[index]!, 5));
  });

  it('keeps parameters and moments to the last bit until the update is due', async () => {
    const trainer = await trainerOf(adam(), { gradientAccumulation: 3, input: [2] });
    const start = await flat(trainer);
    await trainer.fit(data, { batchSize: 12 });
    expect(await flat(trainer)).toEqual(start);
    await trainer.fit(data, { batchSize: 24 });
    expect(await flat(trainer)).not.toEqual(start);
  });

  it('goes on from a checkpoint between two updates', async () => {
    const points = blobs(30);
    const make = (): Promise<Trainer> => smallTrainer({ gradientAccumulation: 4 });
    const [whole, first, second] = [await make(), await make(), await make()];
    await whole.fit(points, { epochs: 2, batchSize: 5 });
    await first.fit(points, { batchSize: 5 });
    await second.loadCheckpoint(await first.toCheckpoint());
    await second.fit(points, { batchSize: 5 });
    expect(await modelVariables(second)).toEqual(await modelVariables(whole));
  });

  it('leaves a batch that is not finite out of the sum, and waits for one more', async () => {
    const broken = { x: x.map((row, index) => (index === 4 ? [Infinity, 0] : row)), y: data.y, allowNonFinite: true };
    const left = await trainerOf(sgd(), { gradientAccumulation: 2, onNonFinite: 'skip', input: [2] });
    const start = await flat(left);
    // Rows 3 to 5 are the batch that is left out, so the second update waits for the next epoch.
    await left.fit({ ...broken, x: broken.x.slice(0, 6), y: broken.y.slice(0, 6) }, { batchSize: 3, shuffle: false });
    expect(await flat(left)).toEqual(start);
    await left.fit({ x: x.slice(6, 9), y: data.y.slice(6, 9) }, { batchSize: 3, shuffle: false });
    const clean = await trainerOf(sgd(), { gradientAccumulation: 2, input: [2] });
    await clean.fit(
      { x: [...x.slice(0, 3), ...x.slice(6, 9)], y: [...data.y.slice(0, 3), ...data.y.slice(6, 9)] },
      { batchSize: 3, shuffle: false },
    );
    expect(await flat(left)).toEqual(await flat(clean));
  });

  it.each([0, 1.5, -1, NaN])('of %d batches is refused', async (gradientAccumulation) => {
    await expect(trainerOf(sgd(), { gradientAccumulation })).rejects.toMatchObject({ name: 'ConfigError' });
  });
});
