// Models of nn in an application that uses TensorFlow.js.
import { referenceBackend } from '@nn/backend-reference';
import { createNetwork, isForeignTensor, run } from '@nn/core';
import type { Backend } from '@nn/core';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import type { FitOptions, Trainer } from '@nn/train';
import { createTrainer, exponentialAverage, softmaxCrossEntropy } from '@nn/train';
import { beforeAll, describe, expect, it } from 'vitest';
import type { App, AppTensor } from '../testing/tfjs.ts';
import { importApp } from '../testing/tfjs.ts';
import { tfjsBackend } from '../tfjsBackend.ts';

let tf: App;
beforeAll(async () => {
  tf = await importApp();
  await tf.setBackend('cpu');
});

const model = sequential(dense(4), batchNorm(), relu(), dense(2));
const rows = [
  [1, 2, 3],
  [4, 5, 6],
  [-1, 0, 1],
  [2, 2, 2],
];

const labels = [0, 1, 1, 0];
const weights = [1, 2, 0, 1];

/** What comes of a training on data. */
async function trained(
  data: Parameters<Trainer['fit']>[0],
  validation: FitOptions['validation'] & object,
): Promise<{ readonly figures: unknown; readonly predictions: unknown }> {
  const backend = await tfjsBackend({ device: 'cpu' });
  const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: sgd({ learningRate: 0.1 }), backend });
  const { epochs } = await trainer.fit(data, { epochs: 2, batchSize: 2, shuffle: false, validation });
  const figures = [epochs.map(({ loss, validationLoss }) => [loss, validationLoss]), await trainer.evaluate(validation)];
  const predictions = (await trainer.predict(rows)).toArray();
  await backend.dispose();
  return { figures, predictions };
}

describe('tensors where arrays are taken', () => {
  it('are read and left alone', async () => {
    const backend = await tfjsBackend({ device: 'cpu' });
    const network = await createNetwork({ model, input: [3], backend });
    const x = tf.tensor(rows);
    const { numTensors } = tf.memory();
    expect((await network.predict(x)).toArray()).toEqual((await network.predict(rows)).toArray());
    expect((await run(backend, (t) => t.square(), x)).toArray()).toEqual((await run(backend, (t) => t.square(), rows)).toArray());
    expect(x.isDisposed).toBe(false);
    expect(tf.memory().numTensors).toBe(numTensors);
    x.dispose();
    await backend.dispose();
  });

  it('train the same: in data, in validation data, and in the batches of a stream', async () => {
    const expected = await trained({ x: rows, y: labels, weights }, { x: rows, y: labels });
    const before = tf.memory();
    const [x, y, w] = [tf.tensor(rows), tf.tensor(labels, [4], 'int32'), tf.tensor(weights)];
    expect(await trained({ x, y, weights: w }, { x, y: labels })).toEqual(expected);
    for (const tensor of [x, y, w]) tensor.dispose();
    async function* batches() {
      for (const from of [0, 2]) {
        const [begin, end] = [from, from + 2];
        const given = {
          x: tf.tensor(rows.slice(begin, end)),
          y: tf.tensor(labels.slice(begin, end), [2], 'int32'),
          weights: weights.slice(begin, end),
        };
        yield given;
        given.x.dispose();
        given.y.dispose();
      }
    }
    expect(await trained(batches, { x: rows, y: labels })).toEqual(expected);
    expect(tf.memory()).toEqual(before);
  });

  it('are the starting values of a network', async () => {
    const backend = await tfjsBackend({ device: 'cpu' });
    const [kernel, bias] = [tf.tensor([[1], [2]]), tf.tensor([3])];
    const network = await createNetwork({
      model: sequential(dense(1)),
      input: [2],
      backend,
      variables: { 'dense1/kernel': kernel, 'dense1/bias': bias },
    });
    expect((await network.predict([10, 100])).toArray()).toEqual([213]);
    tf.tidy(() => [kernel, bias].forEach((tensor) => tensor.dispose()));
    await backend.dispose();
  });
});

describe('predict as tensors', () => {
  it.each(['a network', 'a trainer', 'a trainer with averaged parameters'])('%s gives tensors that the caller owns', async (who) => {
    const backend = await tfjsBackend({ device: 'wasm' });
    const predictor =
      who === 'a network' ? await createNetwork({ model, input: [3], backend }) : await trainedOnce(backend, who !== 'a trainer');
    const expected = await predictor.predict(rows);
    const { numTensors } = tf.memory();
    const y = await predictor.predict(rows, { as: 'tensor' });
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    expect([y.shape, y.dtype, [...(await y.data())]]).toEqual([[4, 2], 'float32', [...expected.data]]);
    await backend.dispose();
    // It is the application's, on the application's backend.
    const doubled = tf.tidy(() => tf.add(y as AppTensor, y as AppTensor));
    expect([...doubled.dataSync()]).toEqual([...expected.data].map((value) => value * 2));
    doubled.dispose();
    y.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('says where there are no tensors to be had', async () => {
    const network = await createNetwork({ model, input: [3], backend: referenceBackend() });
    await expect(network.predict(rows, { as: 'tensor' })).rejects.toThrow('"reference" runs on no library');
    expect(isForeignTensor(await network.predict(rows))).toBe(false);
  });
});

async function trainedOnce(backend: Backend, averaging: boolean): Promise<Trainer> {
  const trainer = await createTrainer({
    model,
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate: 0.1 }),
    backend,
    ...(averaging ? { weightAverage: exponentialAverage() } : {}),
  });
  await trainer.fit({ x: rows, y: labels });
  return trainer;
}
