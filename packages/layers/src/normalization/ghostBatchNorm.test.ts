// ghostBatchNorm: parts of the batch, the remainder, what is remembered, and what it refuses.
import type { AnyLayer } from '@nn/core';
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './batchNorm.ts';
import { cumulative } from '../runningStatistics/cumulative.ts';
import { ema } from '../runningStatistics/ema.ts';
import { ghostBatchNorm } from './ghostBatchNorm.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { lastBatch, unnormalizedSum } from '../lectures.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

const training = { training: true } as const;
const last = ema({ decay: 0, unbiased: false });

describe('ghostBatchNorm', () => {
  it.each([
    [
      6,
      [
        [0, 2],
        [2, 4],
        [4, 6],
      ],
    ],
    [
      7,
      [
        [0, 2],
        [2, 4],
        [4, 7],
      ],
    ],
    [3, [[0, 3]]],
    [2, [[0, 2]]],
  ])('of %i rows in twos normalizes each part; a remainder joins the last', async (rows, parts) => {
    const x = irregular(rows * 3);
    const { y } = await applyLayer(ghostBatchNorm({ ghostBatchSize: 2 }), array(x, [rows, 3]), training);
    for (const [from, to] of parts as [number, number][]) {
      const alone = await applyLayer(batchNorm(), array(x.slice(from * 3, to * 3), [to - from, 3]), training);
      alone.y.data.forEach((value: number, index: number) => expect(y.data[from * 3 + index]).toBeCloseTo(value, 13));
    }
  });

  it('remembers the mean over the ghost batches', async () => {
    const x = array([1, 3, 10, 14, 20, 21, 22], [7, 1]);
    const runner = await layerRunner(ghostBatchNorm({ ghostBatchSize: 2, runningStatistics: last }), x, training);
    await runner.run(x);
    expect((await runner.store.read('runningMean')).item()).toBeCloseTo((2 + 12 + 21) / 3, 13);
    expect((await runner.store.read('runningVariance')).item()).toBeCloseTo((1 + 4 + 2 / 3) / 3, 13);
  });

  it.each([
    ['a larger last ghost', 11, 4, ema({ decay: 0.5 })],
    ['ghosts of one size', 12, 4, ema({ decay: 0.5 })],
    ['a batch smaller than a ghost', 3, 4, ema({ decay: 0.5 })],
    ['a batch between one ghost and two', 7, 4, ema({ decay: 0.5 })],
    ['biased variances', 11, 4, ema({ decay: 0.5, unbiased: false })],
    ['the first batch as the start', 11, 4, ema({ start: 'firstBatch' })],
    ['all batches', 11, 4, cumulative()],
    ['a sum', 11, 4, unnormalizedSum({ spread: 'variance', unbiased: true })],
    ['the last batch', 11, 4, lastBatch()],
  ])('remembers what batchNorm remembers of each ghost, averaged: %s', async (_, rows, ghostBatchSize, runningStatistics) => {
    const x = irregular(rows * 2);
    const remembered = async (layer: AnyLayer, values: readonly number[]): Promise<number[]> => {
      const input = array(values, [values.length / 2, 2]);
      const runner = await layerRunner(layer, input, training);
      await runner.run(input);
      const buffers = ['runningMean', 'runningVariance'].map(async (name) => [...(await runner.store.read(name)).data]);
      return (await Promise.all(buffers)).flat();
    };
    const ghosts = Math.max(1, Math.floor(rows / ghostBatchSize));
    const each = Array.from({ length: ghosts }, (_ghost, index) =>
      [...x].slice(index * ghostBatchSize * 2, index + 1 === ghosts ? undefined : (index + 1) * ghostBatchSize * 2),
    );
    const alone = await Promise.all(each.map((ghost) => remembered(batchNorm({ runningStatistics }), ghost)));
    const together = await remembered(ghostBatchNorm({ ghostBatchSize, runningStatistics }), [...x]);
    together.forEach((value, index) => expect(value).toBeCloseTo(alone.reduce((total, ghost) => total + ghost[index]!, 0) / ghosts, 13));
  });

  it('infers as batchNorm', async () => {
    const x = array(irregular(6), [2, 3]);
    expect((await applyLayer(ghostBatchNorm(), x)).y.data).toEqual((await applyLayer(batchNorm(), x)).y.data);
  });

  it.each([
    ['a remainder', [5, 2], { ghostBatchSize: 2 }],
    ['images, ghosts of one', [3, 2, 2, 2], { ghostBatchSize: 1 }],
    ['another axis, without scale and shift', [4, 3, 2], { ghostBatchSize: 2, channelAxis: 1, scale: false, center: false }],
  ] as const)('has the right gradients: %s', async (_, shape, options) => {
    const size = shape.reduce((product: number, extent: number) => product * extent, 1);
    expect(await gradientError(ghostBatchNorm(options), array(irregular(size), shape), training)).toBeLessThan(1e-6);
  });

  it('refuses ghosts of a single value, and sizes that are none', async () => {
    const refused = applyLayer(ghostBatchNorm({ ghostBatchSize: 1 }), array(irregular(6), [3, 2]), training);
    await expect(refused).rejects.toThrow(ShapeError);
    await expect(refused).rejects.toThrow(/a single value.*ghostBatchSize 2 or more/);
    await expect(applyLayer(ghostBatchNorm(), array([], [0, 2]), training)).rejects.toThrow(/no value/);
    for (const ghostBatchSize of [0, 1.5]) expect(() => ghostBatchNorm({ ghostBatchSize })).toThrow(ConfigError);
  });
});
