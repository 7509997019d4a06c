// Layers that are frozen while the rest of the model trains, and networks of a trainer that are recalibrated and folded.
import { createNetwork, freeze } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { batchNorm, dense, foldNormalization, recalibrate, relu, sequential } from '@nn/layers';
import { expect, it } from 'vitest';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';

const model = sequential(dense(6), batchNorm(), relu(), dense(3));
const data = blobs(60);

it('a frozen layer keeps parameters and running statistics through a training, the others do not', async () => {
  const before = await smallTrainer({ model });
  await before.fit(data, { epochs: 1, batchSize: 16 });
  const trained = await modelVariables(before);
  const trainer = await smallTrainer({ model: freeze(model, 'batchNorm*'), input: [2] });
  await trainer.network.loadSafetensors(await before.network.toSafetensors());
  await trainer.fit(data, { epochs: 3, batchSize: 16 });
  const after = await modelVariables(trainer);
  for (const [path, value] of Object.entries(trained)) {
    if (path.startsWith('batchNorm1/')) expect(after[path]).toEqual(value);
    else expect(after[path]).not.toEqual(value);
  }
});

it('has no optimizer slots for what is frozen, and goes on after thawing with the same variables', async () => {
  const frozenModel = freeze(model, 'dense1');
  const trainer = await smallTrainer({ model: frozenModel, input: [2] });
  await trainer.fit(data, { epochs: 1, batchSize: 16 });
  const roles = Object.fromEntries(trainer.network.variables().map(({ path, role }) => [path, role]));
  expect(roles).toMatchObject({ 'dense1/kernel': 'buffer', 'dense2/kernel': 'parameter', 'batchNorm1/gamma': 'parameter' });
  const thawed = await smallTrainer({ model, input: [2] });
  await thawed.network.loadSafetensors(await trainer.network.toSafetensors());
  expect(await modelVariables(thawed)).toEqual(await modelVariables(trainer));
});

it('refuses to train a model that is frozen as a whole', async () => {
  const trainer = smallTrainer({ model: freeze(model, '**') });
  await expect((await trainer).fit(data, { epochs: 1, batchSize: 16 })).rejects.toThrow(/nothing to train/);
});

it('a trainer’s network is recalibrated in place, trains on, and folds', async () => {
  const trainer = await smallTrainer({ model });
  await trainer.fit(data, { epochs: 2, batchSize: 16 });
  const mean = (await trainer.network.read('batchNorm1/runningMean')).toArray();
  await recalibrate(trainer.network, data.x, { batchSize: 16 });
  expect((await trainer.network.read('batchNorm1/runningMean')).toArray()).not.toEqual(mean);
  await trainer.fit(data, { epochs: 1, batchSize: 16 });
  const folded = await createNetwork({ ...(await foldNormalization(trainer.network)), input: [2], backend: referenceBackend() });
  const [before, after] = [await trainer.network.predict(data.x), await folded.predict(data.x)];
  before.data.forEach((value: number, index: number) => expect(after.data[index]).toBeCloseTo(value, 5));
});
