// Running statistics: the recurrences over 25 batches, in a layer that trains; a strategy of one's own.
import type { Context } from '@nn/core';
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './batchNorm.ts';
import { cumulative } from './cumulative.ts';
import { ema } from './ema.ts';
import type { BatchMoments, RunningStatistics } from './runningStatistics.ts';
import { runningMoments } from './runningStatistics.ts';
import { sequential } from './sequential.ts';
import { irregular } from './testing/gradientCheck.ts';
import { array, layerRunner } from './testing/layerRunner.ts';

const batches = 25;
const rows = 4;

/** The batches of lecture 002: 25 of 4 points, here of two channels. */
const batch = (step: number): Float64Array => irregular(rows * 2, step).map((value, index) => (index % 2 === 0 ? 3 + value : 100 * value));

/** Mean and unbiased variance of each channel of a batch. */
function momentsOf(step: number): { mean: number[]; variance: number[] } {
  const columns = [0, 1].map((channel) => Array.from(batch(step)).filter((_, index) => index % 2 === channel));
  const mean = columns.map((values) => values.reduce((a, b) => a + b, 0) / rows);
  const variance = columns.map((values, channel) => values.reduce((total, value) => total + (value - mean[channel]!) ** 2, 0) / (rows - 1));
  return { mean, variance };
}

/** The buffers after training on the 25 batches. */
async function remembered(runningStatistics: RunningStatistics): Promise<Record<string, readonly number[]>> {
  const runner = await layerRunner(batchNorm({ runningStatistics }), { shape: [rows, 2], dtype: 'f32' }, { training: true });
  for (let step = 1; step <= batches; step++) await runner.run(array(batch(step), [rows, 2]), step);
  const buffers = [...runner.variables].filter(([, { role }]) => role === 'buffer').map(([name]) => name);
  return Object.fromEntries(await Promise.all(buffers.map(async (name) => [name, [...(await runner.store.read(name)).data]] as const)));
}

/** The largest |actual / expected − 1|; where 0 is expected, |actual|. */
function relativeError(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, index) => (value === 0 ? Math.abs(actual[index]!) : Math.abs(actual[index]! / value - 1))));
}

describe('ema', () => {
  it.each([
    [0.9, true],
    [0.9, false],
    [0, true],
    [1, true],
  ])('follows its recurrence: decay %f, unbiased %s', async (decay, unbiased) => {
    const mean = [0, 0];
    const variance = [1, 1];
    for (let step = 1; step <= batches; step++) {
      const moments = momentsOf(step);
      for (const channel of [0, 1]) {
        const spread = unbiased ? moments.variance[channel]! : (moments.variance[channel]! * (rows - 1)) / rows;
        mean[channel] = decay * mean[channel]! + (1 - decay) * moments.mean[channel]!;
        variance[channel] = decay * variance[channel]! + (1 - decay) * spread;
      }
    }
    const buffers = await remembered(ema({ decay, unbiased }));
    expect(Object.keys(buffers)).toEqual(['runningMean', 'runningVariance']);
    expect(relativeError([...buffers['runningMean']!, ...buffers['runningVariance']!], [...mean, ...variance])).toBeLessThan(1e-12);
  });

  it('is the default, with decay 0.9 and the unbiased variance', async () => {
    expect(batchNorm().options['runningStatistics']).toMatchObject({ kind: 'ema', options: { decay: 0.9, unbiased: true } });
  });

  it('refuses a decay outside [0, 1] and a bare momentum', () => {
    for (const decay of [-0.1, 1.5, Number.NaN]) expect(() => ema({ decay })).toThrow(ConfigError);
    expect(() => ema({ momentum: 0.1 } as never)).toThrow(/weight of the old value/);
  });
});

describe('cumulative', () => {
  it('is the plain mean over all batches', async () => {
    const buffers = await remembered(cumulative());
    const all = Array.from({ length: batches }, (_, index) => momentsOf(index + 1));
    const mean = (of: 'mean' | 'variance', channel: number): number =>
      all.reduce((total, moments) => total + moments[of][channel]!, 0) / batches;
    expect(relativeError(buffers['runningMean']!, [mean('mean', 0), mean('mean', 1)])).toBeLessThan(1e-12);
    expect(relativeError(buffers['runningVariance']!, [mean('variance', 0), mean('variance', 1)])).toBeLessThan(1e-12);
    expect(buffers['count']).toEqual([batches]);
  });

  it('can remember the biased variance', async () => {
    const [unbiased, biased] = [await remembered(cumulative()), await remembered(cumulative({ unbiased: false }))];
    expect(
      relativeError(
        biased['runningVariance']!,
        unbiased['runningVariance']!.map((value) => (value * (rows - 1)) / rows),
      ),
    ).toBeLessThan(1e-12);
  });

  it('forgets the starting values with the first batch, however small the variance is', async () => {
    const runner = await layerRunner(batchNorm({ runningStatistics: cumulative() }), { shape: [2, 1], dtype: 'f32' }, { training: true });
    await runner.run(array([5, 5 + 2e-10], [2, 1]));
    expect((await runner.store.read('runningVariance')).data[0]! / 2e-20).toBeCloseTo(1, 5);
  });
});

describe('a strategy of one’s own', () => {
  const lastBatch: RunningStatistics = {
    kind: 'lastBatch',
    options: {},
    variables: (channels) => runningMoments(channels),
    update(moments: BatchMoments, context: Context) {
      context.set('runningMean', moments.mean);
      context.set('runningVariance', moments.variance);
    },
    read: (context) => ({ mean: context.get('runningMean'), variance: context.get('runningVariance') }),
  };

  it('is all that another way to remember takes', async () => {
    const { mean, variance } = momentsOf(batches);
    const buffers = await remembered(lastBatch);
    expect(relativeError(buffers['runningMean']!, mean)).toBeLessThan(1e-12);
    expect(
      relativeError(
        buffers['runningVariance']!,
        variance.map((value) => (value * (rows - 1)) / rows),
      ),
    ).toBeLessThan(1e-12);
  });
});

it('sees the first use of a layer in the second', async () => {
  const shared = batchNorm({ runningStatistics: cumulative() });
  const runner = await layerRunner(sequential(shared, shared), { shape: [rows, 2], dtype: 'f32' }, { training: true });
  await runner.run(array(batch(1), [rows, 2]));
  expect((await runner.store.read('batchNorm1/count')).data[0]).toBe(2);
});
