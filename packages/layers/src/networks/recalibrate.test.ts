// Recalibration: plain means over the batches, with parameters and random layers left alone, and what it refuses.
import type { AnyLayer, InputSpec, Network } from '@nn/core';
import { ConfigError, DataError, ShapeError, createNetwork, frozen, named } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { batchRenorm } from '../normalization/batchRenorm.ts';
import { block } from '../containers/block.ts';
import { cumulative } from '../runningStatistics/cumulative.ts';
import { dense } from '../dense/dense.ts';
import { dropout } from '../dropout/dropout.ts';
import { ema } from '../runningStatistics/ema.ts';
import { instanceNorm } from '../normalization/instanceNorm.ts';
import { lastBatch, unnormalizedSum } from '../lectures.ts';
import { recalibrate } from './recalibrate.ts';
import { relu } from '../activations/relu.ts';
import { sequential } from '../containers/sequential.ts';
import { batch, batches, momentsOf, relativeError, remembered, rows } from '../testing/batches.ts';
import { irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';
import { columnOf, meanOf, varianceOf } from '../testing/sampleMoments.ts';

/** The 25 batches as one array. */
const all = array(Array.from({ length: batches }, (_, index) => [...batch(index + 1)]).flat(), [batches * rows, 2]);

async function made(model: AnyLayer, input: InputSpec = [2]): Promise<Network> {
  return createNetwork({ model, input, backend: referenceBackend(), seed: 4 });
}

const valuesAt = async (network: Network, path: string): Promise<readonly number[]> => [...(await network.read(path)).data];

describe('recalibrate', () => {
  it.each([
    ['ema', ema()],
    ['ema of deviations, debiased', ema({ spread: 'deviation', debias: true })],
    ['cumulative', cumulative({ unbiased: false })],
    ['the last batch', lastBatch()],
  ])('makes %s the plain mean over the batches', async (_, runningStatistics) => {
    const network = await made(batchNorm({ runningStatistics }));
    network.write('runningMean', array([1e3, -1e3], [2]));
    await recalibrate(network, all, { batchSize: rows });
    const expected = await remembered(runningStatistics.overAllBatches!());
    const buffers = network.variables().filter(({ role }) => role === 'buffer');
    const taken = await Promise.all(buffers.map(async ({ path }) => relativeError(await valuesAt(network, path), expected[path]!)));
    expect(Math.max(...taken)).toBeLessThan(1e-6);
  });

  it('takes the moments of each layer behind those before it, and drops nothing', async () => {
    const norm = (): AnyLayer => batchNorm({ epsilon: 0, runningStatistics: ema({ unbiased: false }) });
    const network = await made(sequential(norm(), relu(), dropout({ rate: 0.9 }), dense(3), norm()));
    await recalibrate(network, all, { batchSize: batches * rows });
    const y = await network.predict(all);
    // Normalized with what was taken over all rows: mean 0 and deviation 1.
    for (const j of [0, 1, 2]) {
      const column = columnOf(y.data, 3, j);
      expect(meanOf(column)).toBeCloseTo(0, 5);
      expect(varianceOf(column)).toBeCloseTo(1, 5);
    }
  });

  it('heals a network that is applied to other data', async () => {
    const network = await made(sequential(dense(4), batchNorm()));
    const shifted = array(
      all.data.map((value) => 50 + 3 * value),
      all.shape,
    );
    await recalibrate(network, all);
    const spread = async (): Promise<number> => Math.max(...(await network.predict(shifted)).data.map(Math.abs));
    expect(await spread()).toBeGreaterThan(5);
    await recalibrate(network, shifted);
    expect(await spread()).toBeLessThan(5);
  });

  it('leaves parameters, pinned names and frozen layers as they are, and recalibrates in frozen layers too', async () => {
    const model = frozen(sequential(dense(2), named('norm', batchNorm())));
    const network = await made(model);
    const before = await valuesAt(network, 'dense1/kernel');
    await recalibrate(network, all, { batchSize: 33 });
    expect(await valuesAt(network, 'dense1/kernel')).toEqual(before);
    expect(await valuesAt(network, 'norm/gamma')).toEqual([1, 1]);
    expect(await valuesAt(network, 'norm/runningMean')).not.toEqual([0, 0]);
  });

  it('knows instance normalization and batch renormalization', async () => {
    const images = array(
      irregular(2 * 9 * 2).map((value) => 7 + value),
      [2, 3, 3, 2],
    );
    for (const layer of [instanceNorm({ runningStatistics: ema() }), batchRenorm()]) {
      const network = await made(layer, [3, 3, 2]);
      await recalibrate(network, images);
      for (const mean of await valuesAt(network, 'runningMean')) expect(Math.abs(mean - 7)).toBeLessThan(1);
    }
  });

  it('lets a single row at the end join the batch before', async () => {
    const network = await made(batchNorm({ runningStatistics: cumulative() }));
    await recalibrate(network, array(irregular(18), [9, 2]), { batchSize: 4 });
    expect(await valuesAt(network, 'count')).toEqual([2]);
  });

  it('shares rows out evenly, so that two rows at the end do not weigh as much as those of a whole batch', async () => {
    const network = await made(batchNorm({ runningStatistics: cumulative({ unbiased: false }) }), [1]);
    // The two rows at the end are far off: of 130 rows, not of four.
    await recalibrate(network, array([...irregular(128), 100, 100], [130, 1]), { batchSize: 128 });
    expect(await valuesAt(network, 'count')).toEqual([2]);
    expect((await valuesAt(network, 'runningMean'))[0]).toBeCloseTo(meanOf([...irregular(128), 100, 100]), 5);
  });

  it.each([
    [100, 4, 25],
    [9, 4, 2],
    [5, 3, 2],
    [4, 3, 1],
    [3, 2, 1],
    [2, 128, 1],
  ])('makes %i rows in batches of %i to %i batches', async (count, batchSize, expected) => {
    const network = await made(batchNorm({ runningStatistics: cumulative() }), [1]);
    await recalibrate(network, array(irregular(count), [count, 1]), { batchSize });
    expect(await valuesAt(network, 'count')).toEqual([expected]);
  });

  it('gives moments of unequal rows the mean of the batches', async () => {
    const network = await made(batchNorm({ runningStatistics: cumulative() }));
    await recalibrate(network, all, { batchSize: rows });
    const mean = Array.from({ length: batches }, (_, index) => momentsOf(index + 1).mean[0]!).reduce((a, b) => a + b, 0) / batches;
    expect((await valuesAt(network, 'runningMean'))[0]).toBeCloseTo(mean, 5);
  });

  it('refuses what it cannot do', async () => {
    await expect(recalibrate(await made(sequential(dense(2), relu())), all)).rejects.toThrow(
      /no layer of the network has running statistics/,
    );
    const sum = await made(batchNorm({ runningStatistics: unnormalizedSum() }));
    await expect(recalibrate(sum, all)).rejects.toThrow(/"unnormalizedSum".*overAllBatches/);
    const coded = await made(block((x, call) => call('norm', batchNorm(), x)));
    await expect(recalibrate(coded, all)).rejects.toThrow(/"norm" is applied by a block/);
    const network = await made(batchNorm());
    await expect(recalibrate(network, array([], [0, 2]))).rejects.toThrow(DataError);
    await expect(recalibrate(network, array([1, 2], [1, 2]))).rejects.toThrow(ShapeError);
    await expect(recalibrate(network, all, { batchSize: 1 })).rejects.toThrow(ConfigError);
    expect(await valuesAt(network, 'runningMean')).toEqual([0, 0]);
  });
});
