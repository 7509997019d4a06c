// instanceNorm: each channel of each sample, with and without running statistics, and what it refuses.
import { ConfigError, ShapeError } from '@nn/core';
import { constant } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { cumulative } from '../runningStatistics/cumulative.ts';
import { ema } from '../runningStatistics/ema.ts';
import { instanceNorm } from './instanceNorm.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';
import { meanOf, varianceOf } from '../testing/sampleMoments.ts';

const shape = [2, 2, 3, 2] as const;
const x = array(irregular(24), shape);

/** The values of a channel of a sample. */
const instance = (data: ArrayLike<number>, sample: number, channel: number): number[] =>
  Array.from(data).filter((_, index) => Math.floor(index / 12) === sample && index % 2 === channel);

describe('instanceNorm', () => {
  it.each([true, false])('gives every channel of every sample mean 0 and deviation 1, training %s', async (training) => {
    const { y } = await applyLayer(instanceNorm({ epsilon: 0 }), x, { training });
    for (const [sample, channel] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      expect(meanOf(instance(y.data, sample, channel))).toBeCloseTo(0, 13);
      expect(varianceOf(instance(y.data, sample, channel))).toBeCloseTo(1, 13);
    }
  });

  it('remembers means and unbiased variances, averaged over the batch, and infers with them', async () => {
    const layer = instanceNorm({ runningStatistics: ema({ decay: 0.9 }) });
    const runner = await layerRunner(layer, x, { training: true });
    await runner.run(x);
    for (const channel of [0, 1]) {
      const [first, second] = [instance(x.data, 0, channel), instance(x.data, 1, channel)];
      const mean = (meanOf(first) + meanOf(second)) / 2;
      const variance = ((varianceOf(first) + varianceOf(second)) / 2) * (6 / 5);
      expect((await runner.store.read('runningMean')).data[channel]).toBeCloseTo(0.1 * mean, 13);
      expect((await runner.store.read('runningVariance')).data[channel]).toBeCloseTo(0.9 + 0.1 * variance, 13);
    }
    const inference = await layerRunner(layer, x);
    inference.store.write('runningMean', array([1, 2], [2]));
    inference.store.write('runningVariance', array([4, 9], [2]));
    const { y } = await inference.run(x);
    y.data.forEach((value: number, index: number) => {
      const channel = index % 2;
      expect(value).toBeCloseTo((x.data[index]! - 1 - channel) / Math.sqrt((channel === 0 ? 4 : 9) + 1e-5), 13);
    });
  });

  it.each([
    ['plain', {}],
    ['another axis', { channelAxis: 1 }],
    ['with running statistics', { runningStatistics: cumulative() }],
    ['without scale and shift', { scale: false, center: false, epsilonMode: 'none' }],
  ] as const)('has the right gradients: %s', async (_, options) => {
    const layer = instanceNorm({ ...options, gammaInitializer: constant(1.5) });
    expect(await gradientError(layer, x, { training: true })).toBeLessThan(1e-6);
  });

  it('remembers nothing of a batch without samples', async () => {
    const empty = array([], [0, 3, 2]);
    await expect(applyLayer(instanceNorm({ runningStatistics: ema() }), empty, { training: true })).rejects.toThrow(
      /each channel has no value/,
    );
    for (const layer of [instanceNorm(), instanceNorm({ runningStatistics: ema() })]) {
      expect((await applyLayer(layer, empty)).y.shape).toEqual([0, 3, 2]);
    }
  });

  it('keeps no buffers unless asked to', () => {
    expect([...declare(instanceNorm(), shape).specs.keys()]).toEqual(['gamma', 'beta']);
    expect([...declare(instanceNorm({ scale: false, runningStatistics: ema() }), shape).specs.keys()]).toEqual([
      'beta',
      'runningMean',
      'runningVariance',
    ]);
  });

  it('refuses what has no axes between, and a single value in training', async () => {
    expect(() => declare(instanceNorm(), [4, 3])).toThrow(ShapeError);
    expect(() => declare(instanceNorm(), [4, 3])).toThrow(/each channel of a sample has a single value.*layerNorm\(\)/);
    const single = array([1, 2], [1, 1, 2]);
    for (const layer of [instanceNorm(), instanceNorm({ runningStatistics: ema() })]) {
      await expect(applyLayer(layer, single, { training: true })).rejects.toThrow(/a single value.*layerNorm\(\) or groupNorm\(\)/);
    }
    expect((await applyLayer(instanceNorm(), single)).y.toArray()).toEqual([[[0, 0]]]);
    expect(() => instanceNorm({ runningStatistics: ema as never })).toThrow(ConfigError);
    expect(() => instanceNorm({ momentum: 0.1 } as never)).toThrow(/weight of the old value/);
  });
});
