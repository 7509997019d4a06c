// Networks of settings: what they are made of, and what does not change with them.
import { referenceBackend } from '@nn/backend-reference';
import { createNetwork, loadMnistSplit } from '@nn/kit';
import type { BatchSource, Dataset, Layer, NdArray } from '@nn/kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activations, initializers, namesOf, normalizations, optimizers } from '../settings/choices.ts';
import type { ModelSettings } from './model.ts';
import { buildModel, buildOptimizer, learningRateOf } from './model.ts';
import type { Settings } from '../settings/settings.ts';
import { defaultSettings } from '../settings/settings.ts';
import { classes, writeImageSet } from '../testing/imageSet.ts';
import { createImageTrainer } from './trainer.ts';

const layersOf = (settings: Partial<ModelSettings>): string[] =>
  Object.keys(buildModel({ ...defaultSettings, ...settings }).children ?? {});

describe('layers', () => {
  it('are those of the lectures by default', () => {
    expect(layersOf({})).toEqual(['flatten1', 'dense1', 'batchNorm1', 'relu1', 'dense2', 'batchNorm2', 'relu2', 'dense3']);
  });

  it('begin with convolutions in a cnn', () => {
    expect(layersOf({ model: 'cnn', normalization: 'none' })).toEqual([
      'conv2d1',
      'relu1',
      'maxPool2d1',
      'conv2d2',
      'relu2',
      'maxPool2d2',
      'flatten1',
      'dense1',
      'relu3',
      'dense2',
    ]);
  });

  it('follow the settings', () => {
    expect(layersOf({ hidden: [8], order: 'post', normalization: 'layer', activation: 'selu', dropout: 0.1 })).toEqual([
      'flatten1',
      'dense1',
      'selu1',
      'layerNorm1',
      'dropout1',
      'dense2',
    ]);
    expect(layersOf({ hidden: [], normalization: 'batch', dropout: 0.5 })).toEqual(['flatten1', 'dense1']);
  });

  it.each<[Partial<ModelSettings>, boolean]>([
    [{ normalization: 'batch', order: 'pre' }, false],
    [{ normalization: 'batch', order: 'post' }, true],
    [{ normalization: 'layer', order: 'pre' }, true],
    [{ normalization: 'none' }, true],
  ])('with %j have a hidden bias: %s', async (settings, bias) => {
    const paths = Object.keys(await startOf({ hidden: [6], ...settings }));
    expect(paths.includes('dense1/bias')).toBe(bias);
    expect(paths).toContain('dense2/bias');
  });

  it.each(namesOf(normalizations))('are applied with normalization %s', async (normalization) => {
    const paths = Object.keys(await startOf({ model: 'cnn', normalization, hidden: [6] }));
    const own = paths.filter((path) => /norm/i.test(path)).map((path) => path.split('/').slice(0, -1).join('/'));
    const expected: Record<typeof normalization, readonly string[]> = {
      batch: ['batchNorm1', 'batchNorm2', 'batchNorm3'],
      layer: ['layerNorm1', 'layerNorm2', 'layerNorm3'],
      group: ['groupNorm1', 'groupNorm2', 'groupNorm3'],
      // A vector has no axes to take the statistics of a channel over.
      instance: ['instanceNorm1', 'instanceNorm2'],
      rms: ['rmsNorm1', 'rmsNorm2', 'rmsNorm3'],
      weight: ['conv2d1/weightNorm', 'conv2d2/weightNorm', 'dense1/weightNorm'],
      none: [],
    };
    expect([...new Set(own)]).toEqual(expected[normalization]);
    const bias = (path: string): boolean => paths.includes(`${path}/bias`);
    expect([bias('conv2d1'), bias('dense1')]).toEqual([!['batch', 'instance'].includes(normalization), normalization !== 'batch']);
  });

  it('can be made of every name', () => {
    for (const activation of namesOf(activations)) expect(layersOf({ activation })).toContain(`${activation}1`);
    for (const initializer of namesOf(initializers))
      expect(kernelInitializer(buildModel({ ...defaultSettings, initializer }))).toBe(initializer);
  });

  it('start with what fits their activation', () => {
    expect(kernelInitializer(buildModel(defaultSettings))).toBe('heNormal');
    expect(kernelInitializer(buildModel({ ...defaultSettings, activation: 'selu' }))).toBe('lecunNormal');
    expect(kernelInitializer(buildModel({ ...defaultSettings, activation: 'tanh' }))).toBe('glorotNormal');
  });
});

describe('optimizers', () => {
  it('have a learning rate of their own', () => {
    for (const optimizer of namesOf(optimizers)) {
      expect(learningRateOf({ optimizer, rate: null })).toBe(optimizers[optimizer].rate);
      expect(ratesOf({ optimizer, rate: 0.25 })).toEqual([0.25, 0.25]);
    }
    expect(buildOptimizer({ ...defaultSettings, optimizer: 'momentum' }, 1).options).toMatchObject({ momentum: 0.9 });
  });

  it('have a rate that falls or stays', () => {
    expect(ratesOf({ rate: 0.5, schedule: 'constant' })).toEqual([0.5, 0.5]);
    const [first, last] = ratesOf({ rate: 0.5, schedule: 'cosine' });
    expect(first).toBe(0.5);
    expect(last).toBeCloseTo(0.012, 3);
  });
});

/** The learning rates of the first and the last of ten steps. */
function ratesOf(settings: Partial<Settings>): number[] {
  const { learningRate } = buildOptimizer({ ...defaultSettings, schedule: 'constant', ...settings }, 10);
  return typeof learningRate === 'number' ? [learningRate] : [learningRate(1), learningRate(10)];
}

describe('with and without batch normalization and dropout', () => {
  const variants: Partial<ModelSettings>[] = [
    {},
    { normalization: 'none' },
    { normalization: 'layer', order: 'post' },
    { normalization: 'weight' },
    { dropout: 0.3 },
  ];
  let folder: string;
  beforeAll(async () => {
    folder = await writeImageSet(await mkdtemp(join(tmpdir(), 'nn-mnist-')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('the kernels start from the same bits', async () => {
    const [first, ...others] = await Promise.all(variants.map((settings) => startOf({ hidden: [6, 5], ...settings })));
    for (const other of others) {
      for (const path of ['dense1/kernel', 'dense2/kernel', 'dense3/kernel']) expect(other[path]!.data).toEqual(first![path]!.data);
    }
    const reseeded = await startOf({ hidden: [6, 5] }, 2);
    expect(reseeded['dense1/kernel']!.data).not.toEqual(first!['dense1/kernel']!.data);
  });

  it('the images come in the same order', async () => {
    const train = await loadMnistSplit('train', { layout: 'image', directory: folder, classes });
    const orders = await Promise.all(variants.map((settings) => orderOf(settings, train)));
    expect(orders[0]).toHaveLength(2 * train.size);
    for (const order of orders) expect(order).toEqual(orders[0]);
    expect(orders[0]!.slice(0, train.size)).not.toEqual(orders[0]!.slice(train.size));
  });
});

/** The variables of a new network, by path. */
async function startOf(settings: Partial<ModelSettings>, seed = 1): Promise<Record<string, NdArray>> {
  const backend = referenceBackend();
  const network = await createNetwork({ model: buildModel({ ...defaultSettings, ...settings }), input: [4, 5, 1], backend, seed });
  const values = await Promise.all(network.variables().map(async ({ path }) => [path, await network.read(path)] as const));
  await backend.dispose();
  return Object.fromEntries(values);
}

/** The first pixels of all images, which differ, in the order of training for two epochs. */
async function orderOf(settings: Partial<ModelSettings>, train: Dataset): Promise<number[]> {
  const backend = referenceBackend();
  const seen: number[] = [];
  const watched: BatchSource = {
    size: train.size,
    *batches(options) {
      for (const batch of train.batches(options)) {
        for (let row = 0; row < batch.x.shape[0]!; row++) seen.push(...batch.x.row(row).data.subarray(0, 5));
        yield batch;
      }
    },
  };
  const trainer = await createImageTrainer({ ...defaultSettings, hidden: [6], classes, seed: 3, ...settings }, train, backend);
  await trainer.fit(watched, { epochs: 2, batchSize: 16 });
  await backend.dispose();
  return seen.filter((_, index) => index % 5 === 0);
}

function kernelInitializer(model: Layer): string {
  return (model.children!['dense1']!.options['kernelInitializer'] as { kind: string }).kind;
}
