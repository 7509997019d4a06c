// Models of nn in an application that uses TensorFlow.js.
import { referenceBackend } from '@nn/backend-reference';
import { createNetwork, isForeignTensor } from '@nn/core';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import { createTrainer, softmaxCrossEntropy } from '@nn/train';
import { beforeAll, expect, it } from 'vitest';
import type { App } from '../testing/tfjs.ts';
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

it('takes tensors where it takes arrays, and leaves them alone', async () => {
  const backend = await tfjsBackend({ device: 'cpu' });
  const network = await createNetwork({ model, input: [3], backend });
  const x = tf.tensor(rows);
  expect((await network.predict(x)).toArray()).toEqual((await network.predict(rows)).toArray());
  expect(x.isDisposed).toBe(false);

  const train = async (data: Parameters<Awaited<ReturnType<typeof createTrainer>>['fit']>[0]) => {
    const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: sgd({ learningRate: 0.1 }), backend });
    await trainer.fit(data, { epochs: 2, batchSize: 2 });
    return trainer.evaluate(data);
  };
  const labels = [0, 1, 1, 0];
  const y = tf.tensor(labels, [4], 'int32');
  expect(await train({ x, y })).toEqual(await train({ x: rows, y: labels }));
  await backend.dispose();
});

it('gives tensors that the caller owns', async () => {
  const backend = await tfjsBackend({ device: 'wasm' });
  const network = await createNetwork({ model, input: [3], backend });
  const expected = await network.predict(rows);
  const { numTensors } = tf.memory();
  const y = await network.predict(rows, { as: 'tensor' });
  expect(tf.memory().numTensors).toBe(numTensors + 1);
  expect([y.shape, y.dtype, [...(await y.data())]]).toEqual([[4, 2], 'float32', [...expected.data]]);
  await backend.dispose();
  // It is the application's, on the application's backend.
  const doubled = tf.add(y as ReturnType<App['tensor']>, y as ReturnType<App['tensor']>);
  expect([...doubled.dataSync()]).toEqual([...expected.data].map((value) => value * 2));
  doubled.dispose();
  (y as ReturnType<App['tensor']>).dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
});

it('says where there are no tensors to be had', async () => {
  const network = await createNetwork({ model, input: [3], backend: referenceBackend() });
  await expect(network.predict(rows, { as: 'tensor' })).rejects.toThrow('"reference" runs on no library');
  expect(isForeignTensor(await network.predict(rows))).toBe(false);
});
