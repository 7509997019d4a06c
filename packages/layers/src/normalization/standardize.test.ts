// standardize and adapt: the numbers of data, far from zero too, in the order of the layers; what training leaves alone.
import { ConfigError, DataError, ShapeError, build, createNetwork, describe as describeModel, ndarray } from '@nn/core';
import type { AnyLayer, NdArray, Network } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { identity, zeros } from '@nn/initializers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adapt } from '../networks/adapt.ts';
import { dense } from '../dense/dense.ts';
import { sequential } from '../containers/sequential.ts';
import { standardize } from './standardize.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array, layerRunner } from '../testing/layerRunner.ts';
import { columnOf, meanOf, varianceOf } from '../testing/sampleMoments.ts';

const networkOf = (model: AnyLayer, input: readonly number[]): Promise<Network> =>
  createNetwork({ model, input, backend: referenceBackend() });

describe('standardize', () => {
  it('is (x − mean) / deviation, in training as in inference, and changes nothing', async () => {
    const runner = await layerRunner(standardize(), { shape: [2, 2], dtype: 'f32' }, { training: true });
    runner.store.write('mean', array([1, 10], [2]));
    runner.store.write('deviation', array([2, 4], [2]));
    expect([...(await runner.run(array([3, 10, 1, 2], [2, 2]))).y.data]).toEqual([1, 0, 0, -2]);
    expect([...(await runner.store.read('mean')).data]).toEqual([1, 10]);
  });

  it('remembers, and is not trained', () => {
    const { specs } = declare(standardize({ axes: [1, 2] }), [1, 4, 5]);
    for (const name of ['mean', 'deviation']) expect(specs.get(name)).toMatchObject({ shape: [4, 5], role: 'buffer' });
    expect(declare(standardize({ axes: [] }), [1, 4]).specs.get('mean')!.shape).toEqual([]);
  });

  it('has the right gradients, and is rebuilt with its axes', async () => {
    const variables = { mean: array([1, 2, 3], [3]), deviation: array([0.5, 2, 4], [3]) };
    expect(await gradientError(standardize(), array(irregular(12), [4, 3]), { variables })).toBeLessThan(1e-6);
    expect(build(describeModel(standardize({ axes: [1, 2] })), { standardize }).options).toEqual({ axes: [1, 2] });
  });

  it('refuses the batch among its axes', () => {
    expect(() => declare(standardize({ axes: 0 }), [2, 3])).toThrow(ConfigError);
    expect(() => declare(standardize({ axes: 2 }), [2, 3])).toThrow(ShapeError);
  });
});

describe('adapt', () => {
  it('gives every feature mean 0 and deviation 1, also at mean 1e6, in any number of parts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 2100 }), fc.constantFrom(0, 1e3, 1e6), async (rows, offset) => {
        const x = ndarray(Array.from({ length: rows }, (_, row) => [Math.sin(row + 1), offset + 2 * Math.sin(7 * row + 2), 5]));
        const network = await networkOf(standardize(), [3]);
        await adapt(network, x);
        const y = await network.predict(x);
        for (const feature of [0, 1]) {
          const values = columnOf(y.data, 3, feature);
          expect(Math.abs(meanOf(values))).toBeLessThan(0.04);
          expect(Math.abs(varianceOf(values) - 1)).toBeLessThan(1e-4);
        }
        // A constant feature.
        expect(new Set(columnOf(y.data, 3, 2))).toEqual(new Set([0]));
        expect((await network.read('deviation')).data[2]).toBe(1);
      }),
      { numRuns: 6 },
    );
  });

  it('divides by nothing that may be 0 on a device', async () => {
    const network = await networkOf(standardize(), [2]);
    await adapt(network, [
      [0, 1e-44],
      [0, 3e-44],
    ]);
    expect([...(await network.read('deviation')).data]).toEqual([1, 1]);
  });

  it('takes the axes together that share a number', async () => {
    const images = ndarray([
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [
        [[5], [6]],
        [[7], [8]],
      ],
    ]);
    const byPixel = await networkOf(standardize({ axes: [1, 2, 3] }), [2, 2, 1]);
    await adapt(byPixel, images);
    expect([...(await byPixel.read('mean')).data]).toEqual([3, 4, 5, 6]);
    expect([...(await byPixel.read('deviation')).data]).toEqual([2, 2, 2, 2]);
    const byRow = await networkOf(standardize({ axes: 1 }), [2, 2, 1]);
    await adapt(byRow, images);
    expect([...(await byRow.read('mean')).data]).toEqual([3.5, 5.5]);
    const all = await networkOf(standardize({ axes: [] }), [2, 2, 1]);
    await adapt(all, images);
    expect((await all.read('mean')).item()).toBe(4.5);
  });

  it('goes through several layers in their order, wherever they are', async () => {
    const model = sequential(standardize(), dense(2, { kernelInitializer: identity({ gain: 3 }) }), standardize());
    const network = await networkOf(model, [2]);
    const x = ndarray([
      [1, 2],
      [3, 6],
    ]);
    await adapt(network, x);
    expect([...(await network.read('standardize1/mean')).data]).toEqual([2, 4]);
    expect([...(await network.read('standardize2/mean')).data]).toEqual([0, 0]);
    expect([...(await network.read('standardize2/deviation')).data]).toEqual([3, 3]);
  });

  it('reads rows a few at a time from a source', async () => {
    const asked: number[] = [];
    const source = {
      shape: [1500, 1],
      dtype: 'f32' as const,
      slice(begin: number, end: number): NdArray {
        asked.push(end - begin);
        return ndarray(Array.from({ length: end - begin }, (_, row) => [begin + row]));
      },
    };
    const network = await networkOf(standardize(), [1]);
    await adapt(network, source);
    expect((await network.read('mean')).item()).toBeCloseTo(749.5, 3);
    // Parts with means of their own.
    expect((await network.read('deviation')).item()).toBeCloseTo(Math.sqrt((1500 ** 2 - 1) / 12), 3);
    expect(Math.max(...asked)).toBeLessThan(1500);
  });

  it('refuses networks without such a layer, and data that have no mean', async () => {
    await expect(adapt(await networkOf(dense(1), [2]), [[1, 2]])).rejects.toThrow(/no standardize layer/);
    const network = await networkOf(sequential(standardize(), dense(1, { kernelInitializer: zeros() })), [2]);
    await expect(adapt(network, ndarray(new Float32Array(0), { shape: [0, 2] }))).rejects.toThrow(DataError);
    await expect(adapt(network, [[1, Number.NaN]])).rejects.toThrow(/"standardize1" is given NaN/);
    await expect(adapt(network, [[1, 2, 3]])).rejects.toThrow(ShapeError);
    await expect(adapt(network, 5)).rejects.toThrow(/rows of samples/);
    await expect(adapt(network, [1, 2])).rejects.toThrow(/rows of samples \[2\], but x is f32\[2\]/);
    expect([...(await network.read('standardize1/mean')).data]).toEqual([0, 0]);
  });
});
