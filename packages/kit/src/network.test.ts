// A network as a server or an application uses it: any batch size, saved files good and bad, another backend.
import { cpuBackend } from '@nn/backend-cpu';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, test, vi } from 'vitest';
import type { AnyLayer, Backend, Executable, NdArray, Store } from './index.ts';
import {
  batchNorm,
  block,
  createNetwork,
  dense,
  dropout,
  encodeSafetensors,
  full,
  identicalArrays,
  ndarray,
  relu,
  sequential,
} from './index.ts';

const model = sequential(dense(8, { bias: false }), batchNorm(), relu(), dropout({ rate: 0.5 }), dense(3));
const rows = (count: number): NdArray => ndarray(Array.from({ length: count }, (_, row) => [Math.sin(row), Math.cos(row), row / 100, 1]));

const newNetwork = async (backend: Backend, seed = 1) => createNetwork({ model, input: [4], backend, seed });

test('a server loop of 1 to 200 rows compiles twice, and what it holds does not grow', async () => {
  const backend = await cpuBackend();
  const stores = vi.spyOn(backend, 'createStore');
  const compilations = vi.spyOn(backend, 'compile');
  const held = async (): Promise<unknown> => {
    const [made, compiled] = await Promise.all(
      [stores, compilations].map(({ mock }) => Promise.all(mock.results.map(({ value }) => value))),
    );
    return { bytes: (made as Store[]).map(({ bytes }) => bytes), memory: (compiled as Executable[]).map(({ memory }) => memory) };
  };
  const network = await newNetwork(backend);
  const all = await network.predict(rows(200));
  expect((await network.predict(rows(1).row(0))).shape).toEqual([3]);
  const before = await held();
  for (let count = 1; count <= 200; count++) {
    const batch = await network.predict(rows(count));
    expect(batch.shape).toEqual([count, 3]);
    expect(identicalArrays(batch.row(count - 1), all.row(count - 1))).toBe(true);
    await network.predict(rows(count).row(0));
  }
  expect(compilations).toHaveBeenCalledTimes(2);
  expect(await held()).toEqual(before);
});

test('no rows give an empty result', async () => {
  const network = await newNetwork(await cpuBackend());
  expect((await network.predict(full([0, 4], 0))).shape).toEqual([0, 3]);
});

test('a result has the structure that the model gives it', async () => {
  const backend = referenceBackend();
  const predicted = async (layer: AnyLayer): Promise<unknown> =>
    (await createNetwork({ model: layer, input: [4], backend })).predict(rows(2)) as Promise<unknown>;
  const [a, b] = [dense(1), dense(2)];
  expect(await predicted(block((x, call) => [call('a', a, x), call('b', b, x)]))).toMatchObject([{ shape: [2, 1] }, { shape: [2, 2] }]);
  const byNumber = await predicted(block((x, call) => ({ 0: call('a', a, x), 1: call('b', b, x) })));
  expect(byNumber).toMatchObject({ 0: { shape: [2, 1] }, 1: { shape: [2, 2] } });
  expect(Array.isArray(byNumber)).toBe(false);
});

describe('a saved network', () => {
  test('predicts the same to the last bit when it is loaded', async () => {
    const backend = await cpuBackend();
    const network = await newNetwork(backend);
    const loaded = await newNetwork(backend, 2);
    const x = rows(5);
    expect(identicalArrays(await loaded.predict(x), await network.predict(x))).toBe(false);
    await loaded.loadSafetensors(await network.toSafetensors());
    expect(identicalArrays(await loaded.predict(x), await network.predict(x))).toBe(true);
  });

  test.each([
    ['is cut off', async (bytes: Uint8Array) => bytes.slice(0, -4), /safetensors/],
    ['lacks variables', async () => encodeSafetensors({ 'dense1/kernel': full([4, 8], 0) }), /batchNorm1\/gamma/],
    ['is of another shape', async () => encodeSafetensors({ 'dense1/kernel': full([4, 9], 0) }), /dense1\/kernel/],
  ])('that %s is refused, and nothing changes', async (_, spoil, message) => {
    const network = await newNetwork(await cpuBackend());
    const before = await network.predict(rows(3));
    const bytes = await spoil(await network.toSafetensors());
    await expect(network.loadSafetensors(bytes)).rejects.toMatchObject({
      name: 'FormatError',
      message: expect.stringMatching(message) as string,
    });
    expect(identicalArrays(await network.predict(rows(3)), before)).toBe(true);
  });
});

test('moving to another backend keeps the predictions', async () => {
  const network = await newNetwork(await cpuBackend());
  const before = await network.predict(rows(7));
  await network.moveTo(referenceBackend());
  const after = await network.predict(rows(7));
  expect(network.backend.name).toBe('reference');
  after.data.forEach((value, index) => expect(value).toBeCloseTo(before.data[index]!, 5));
});

test('a layer inside can be looked at', async () => {
  const network = await newNetwork(await cpuBackend());
  const { relu1 } = await network.activations(rows(2), ['relu1']);
  expect(relu1!.shape).toEqual([2, 8]);
  expect(Math.min(...relu1!.data)).toBeGreaterThanOrEqual(0);
});
