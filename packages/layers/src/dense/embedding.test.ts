// embedding: rows at indices, gradients of the rows asked for, indices out of range, and what it refuses.
import { ConfigError, DTypeError, NdArray, build, createNetwork, describe as describeModel } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { normal, uniform } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { dense } from './dense.ts';
import { embedding } from './embedding.ts';
import { flatten } from '../images/flatten.ts';
import { sequential } from '../containers/sequential.ts';
import { declare } from '../testing/declare.ts';
import { array, layerRunner } from '../testing/layerRunner.ts';

const indices = (shape: readonly number[], ...values: readonly number[]): NdArray => new NdArray(Int32Array.from(values), shape, 'i32');

describe('embedding', () => {
  it('gives the rows at the indices, in any shape', async () => {
    const runner = await layerRunner(embedding(3, 2), { shape: [2, 2], dtype: 'i32' });
    runner.store.write('kernel', array([1, 2, 3, 4, 5, 6], [3, 2]));
    const { y } = await runner.run(indices([2, 2], 2, 0, 1, 1));
    expect(y.shape).toEqual([2, 2, 2]);
    expect([...y.data]).toEqual([5, 6, 1, 2, 3, 4, 3, 4]);
  });

  it('adds the gradients of a row that is asked for twice, and leaves the others alone', async () => {
    const upstream = (): Float64Array => Float64Array.of(1, 2, 10, 20, 100, 200);
    const runner = await layerRunner(embedding(4, 2), { shape: [3], dtype: 'i32' }, { training: true, upstream });
    const { gradients } = await runner.run(indices([3], 3, 1, 3));
    expect([...gradients['kernel']!.data]).toEqual([0, 0, 10, 20, 0, 0, 101, 202]);
  });

  it('gives NaN for an index that has no row', async () => {
    const runner = await layerRunner(embedding(3, 1), { shape: [3], dtype: 'i32' });
    const { y } = await runner.run(indices([3], -1, 3, 2));
    expect([Number.isNaN(y.data[0]), Number.isNaN(y.data[1]), Number.isNaN(y.data[2])]).toEqual([true, true, false]);
  });

  it('starts a network whose samples are indices', async () => {
    const model = sequential(embedding(10, 4), flatten(), dense(2));
    const network = await createNetwork({ model, input: { shape: [3], dtype: 'i32' }, backend: referenceBackend() });
    expect((await network.predict(indices([3], 0, 9, 5))).shape).toEqual([2]);
  });

  it('declares its table, and is rebuilt with its options', () => {
    const layer = embedding(7, 3, { kernelInitializer: normal({ deviation: 1 }) });
    expect(declare(layer, [1, 2], 'i32').specs.get('kernel')).toMatchObject({ shape: [7, 3], role: 'parameter' });
    const rebuilt = build(describeModel(layer), { embedding, normal });
    expect(rebuilt.options).toMatchObject({ entries: 7, units: 3, kernelInitializer: { kind: 'normal', options: { deviation: 1 } } });
    expect(embedding(1, 1).options['kernelInitializer']).toEqual(expect.objectContaining({ options: uniform().options }));
  });

  it('refuses what is no table and what is no index', () => {
    for (const entries of [0, 1.5, Number.NaN]) expect(() => embedding(entries, 2)).toThrow(ConfigError);
    expect(() => embedding(2, 0)).toThrow(/units is 0/);
    expect(() => declare(embedding(2, 2), [1, 3])).toThrow(DTypeError);
    expect(() => declare(embedding(2, 2), [1, 3])).toThrow(/Int32Array/);
  });
});
