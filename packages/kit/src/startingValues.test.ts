// Starting values in training: what zeros and constants do to a network, on every backend, and that nothing shares its numbers by chance.
import { cpuBackend } from '@nn/backend-cpu';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, test } from 'vitest';
import type { Backend, Layer, NdArray, Trainer } from './index.ts';
import {
  adam,
  constantInitializer,
  createNetwork,
  createTrainer,
  conv2d,
  dense,
  fillNormal,
  flatten,
  heNormal,
  lecunNormal,
  ndarray,
  relu,
  selu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  streamKey,
  tanh,
  zeros,
} from './index.ts';

const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => referenceBackend()],
  ['cpu', () => cpuBackend({ threads: 2 })],
];

const classes = 10;
const data = {
  x: ndarray(Array.from({ length: 40 }, (_, row) => Array.from({ length: 6 }, (_value, column) => Math.sin(row * 7 + column * 3)))),
  y: ndarray(new Int32Array(40).map((_, row) => row % classes)),
};

const column = ({ data: values, shape }: NdArray, index: number): number[] => {
  const [, columns = 1] = shape;
  return Array.from(values).filter((_, element) => element % columns === index);
};

async function changed(trainer: Trainer, path: string): Promise<boolean> {
  return (await trainer.network.read(path)).data.some((value) => value !== 0);
}

describe.each(backends)('on %s', (_name, make) => {
  test('zeros train nothing but the last bias: hidden units and kernels stay exactly 0, and the loss stays ln 10', async () => {
    const layer = (units: number) => dense(units, { kernelInitializer: zeros() });
    const losses: number[] = [];
    const trainer = await createTrainer({
      model: sequential(layer(8), relu(), layer(8), relu(), layer(classes)),
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.5 }),
      backend: await make(),
      callbacks: [(event) => void (event.type === 'step' && losses.push(event.loss))],
    });
    await trainer.fit(data, { epochs: 3, batchSize: 40 });
    for (const loss of losses) expect(loss).toBeCloseTo(Math.LN10, 6);
    for (const path of ['dense1/kernel', 'dense1/bias', 'dense2/kernel', 'dense2/bias', 'dense3/kernel']) {
      expect(await changed(trainer, path)).toBe(false);
    }
    const hidden = await trainer.network.activations(data.x, ['relu1', 'relu2']);
    for (const values of Object.values(hidden)) expect(values.data.every((value) => value === 0)).toBe(true);
  });

  // Widths beyond, and not a multiple of, what kernels take at once.
  test.each([
    [7, 5],
    [33, 19],
  ])('units that start equal stay equal to the last bit, whatever the optimizer: %i, then %i of them', async (first, second) => {
    const layer = (units: number) => dense(units, { kernelInitializer: constantInitializer(0.1) });
    for (const optimizer of [sgd({ learningRate: 0.1, momentum: 0.9 }), adam({ learningRate: 0.05 })]) {
      const trainer = await createTrainer({
        model: sequential(layer(first), tanh(), layer(second), tanh(), dense(classes)),
        loss: softmaxCrossEntropy(),
        optimizer,
        backend: await make(),
      });
      await trainer.fit(data, { epochs: 4, batchSize: 16 });
      const kernel = await trainer.network.read('dense1/kernel');
      for (let unit = 1; unit < first; unit++) expect(column(kernel, unit)).toEqual(column(kernel, 0));
      // They did train; the layer only is one unit wide.
      expect(new Set(kernel.data).size).toBeGreaterThan(1);
    }
  });
});

test('two layers of one shape, and two networks of other seeds, share no numbers; seed 0 is a seed like 1', async () => {
  const model = sequential(dense(6), tanh(), dense(6), tanh(), dense(6));
  const kernelsOf = async (seed: number): Promise<number[][]> => {
    const network = await createNetwork({ model, input: [6], backend: referenceBackend(), seed });
    return Promise.all([1, 2, 3].map(async (index) => Array.from((await network.read(`dense${index}/kernel`)).data)));
  };
  const all = [...(await kernelsOf(0)), ...(await kernelsOf(1))];
  expect(new Set(all.flat()).size).toBe(6 * 36);
  expect(await kernelsOf(0)).toEqual(await kernelsOf(0));
});

test('a layer that is put in moves no other numbers', async () => {
  const network = (...layers: Layer[]) => createNetwork({ model: sequential(...layers), input: [4, 4, 1], backend: referenceBackend() });
  const [without, with_] = [await network(conv2d(3), flatten(), dense(2)), await network(conv2d(3), relu(), flatten(), tanh(), dense(2))];
  for (const path of ['conv2d1/kernel', 'dense1/kernel']) expect((await with_.read(path)).data).toEqual((await without.read(path)).data);
});

test.each([
  ['relu and heNormal', relu, heNormal(), [-Infinity, Infinity], [0.3, 1]],
  ['selu and lecunNormal', selu, lecunNormal(), [-0.1, 0.1], [0.94, 1.06]],
] as const)('20 layers of %s keep the scale of their activations', async (_name, activation, kernelInitializer, means, deviations) => {
  const width = 256;
  const layers = Array.from({ length: 20 }, () => [dense(width, { kernelInitializer }), activation()]).flat();
  const network = await createNetwork({ model: sequential(...layers), input: [width], backend: await cpuBackend() });
  const x = new Float32Array(64 * width);
  fillNormal(streamKey(0, 'inputs', 0, 0), x);
  const { data: values } = await network.predict(ndarray(x, { shape: [64, width] }));
  const mean = Array.from(values).reduce((total, value) => total + value, 0) / values.length;
  const deviation = Math.sqrt(Array.from(values).reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
  for (const [value, [low, high]] of [
    [mean, means],
    [deviation, deviations],
  ] as const) {
    expect(value).toBeGreaterThan(low);
    expect(value).toBeLessThan(high);
  }
});
