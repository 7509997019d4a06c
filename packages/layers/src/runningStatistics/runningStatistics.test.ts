// Running statistics: the recurrences over 25 batches, in a layer that trains; a strategy of one's own.
import type { Context } from '@nn/core';
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { cumulative } from './cumulative.ts';
import { ema } from './ema.ts';
import type { BatchMoments, RunningStatistics } from './runningStatistics.ts';
import { runningMoments } from './runningStatistics.ts';
import { sequential } from '../containers/sequential.ts';
import { batch, batches, inferred, momentsOf, relativeError, remembered, rows } from '../testing/batches.ts';
import { array, layerRunner } from '../testing/layerRunner.ts';
import { meanOf, standardNormal } from '../testing/sampleMoments.ts';

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

  it('has decays of its own for mean and spread', async () => {
    const [slow, fast] = [await remembered(ema({ decay: 0.99 })), await remembered(ema({ decay: 0.5 }))];
    const both = await remembered(ema({ decay: { mean: 0.99, spread: 0.5 } }));
    expect(both).toEqual({ runningMean: slow['runningMean'], runningVariance: fast['runningVariance'] });
  });

  it('can average the deviation, which is less than the root of the averaged variance', async () => {
    const [deviation] = [await remembered(ema({ spread: 'deviation', unbiased: false }))];
    const average = [1, 1];
    for (let step = 1; step <= batches; step++) {
      momentsOf(step).variance.forEach((variance, channel) => {
        average[channel] = 0.9 * average[channel]! + 0.1 * Math.sqrt((variance * (rows - 1)) / rows);
      });
    }
    expect(Object.keys(deviation)).toEqual(['runningMean', 'runningDeviation']);
    expect(relativeError(deviation['runningDeviation']!, average)).toBeLessThan(1e-12);
    const { runningVariance } = await remembered(ema({ unbiased: false }));
    runningVariance!.forEach((variance, channel) => expect(average[channel]!).toBeLessThan(Math.sqrt(variance)));
  });

  it('debiased, weighs the batches by (1 − decay) decayᵏ over their sum, and the start not at all', async () => {
    const steps = 3;
    const buffers = await remembered(ema({ decay: 0.9, debias: true }), steps);
    const weights = [0.81, 0.9, 1].map((weight) => weight / 2.71);
    const expected = [0, 1].map((channel) =>
      weights.reduce((total, weight, index) => total + weight * momentsOf(index + 1).mean[channel]!, 0),
    );
    expect(relativeError(buffers['runningMean']!, expected)).toBeLessThan(1e-12);
    expect(buffers['count']).toEqual([steps]);
    // After many batches there is nothing left to take out.
    const [long, plain] = [await remembered(ema({ decay: 0.1, debias: true })), await remembered(ema({ decay: 0.1 }))];
    expect(relativeError(long['runningVariance']!, plain['runningVariance']!)).toBeLessThan(1e-12);
    // Decay 0 is the last batch.
    expect((await remembered(ema({ decay: 0, debias: true })))['runningMean']).toEqual(
      (await remembered(ema({ decay: 0 })))['runningMean'],
    );
  });

  it('from zero, has given n batches the weight 1 − decayⁿ together (lecture 002), which debias divides by', async () => {
    const meanAfter = async (debias: boolean, steps: number): Promise<number> => {
      const layer = batchNorm({ runningStatistics: ema({ decay: 0.9, debias }) });
      const runner = await layerRunner(layer, { shape: [2, 1], dtype: 'f32' }, { training: true });
      for (let step = 1; step <= steps; step++) await runner.run(array([4, 6], [2, 1]), step);
      return (await runner.store.read('runningMean')).item();
    };
    for (const steps of [1, 7, 40]) {
      expect(await meanAfter(false, steps)).toBeCloseTo(5 * (1 - 0.9 ** steps), 12);
      expect(await meanAfter(true, steps)).toBeCloseTo(5, 12);
    }
  });

  // Of B standard normal numbers: E[σ²] = (B − 1)/B, and E[σ] = √(2/B) Γ(B/2) / Γ((B − 1)/2).
  it.each([
    [2, 0.5, 0.3183],
    [4, 0.75, 0.6366],
    [32, 0.9688, 0.9538],
  ])('by Jensen remembers %i rows too narrow: variances come to %f, deviations to the root of %f', async (count, variance, square) => {
    const channels = 100_000 / count;
    const x = standardNormal(count, channels);
    const meanMemory = async (spread: 'variance' | 'deviation', buffer: string): Promise<number> => {
      const layer = batchNorm({ runningStatistics: ema({ decay: 0, spread, unbiased: false }) });
      const runner = await layerRunner(layer, x, { training: true });
      await runner.run(x);
      return meanOf((await runner.store.read(buffer)).data);
    };
    // No standard error is above 0.0045.
    expect(Math.abs((await meanMemory('variance', 'runningVariance')) - variance)).toBeLessThan(0.015);
    expect(Math.abs((await meanMemory('deviation', 'runningDeviation')) ** 2 - square)).toBeLessThan(0.015);
  });

  it('can begin with the first batch', async () => {
    const [once, twice] = [await remembered(ema({ start: 'firstBatch' }), 1), await remembered(ema({ start: 'firstBatch' }), 2)];
    const [first, second] = [momentsOf(1), momentsOf(2)];
    expect(relativeError(once['runningVariance']!, first.variance)).toBeLessThan(1e-12);
    expect(
      relativeError(
        twice['runningMean']!,
        first.mean.map((mean, channel) => 0.9 * mean + 0.1 * second.mean[channel]!),
      ),
    ).toBeLessThan(1e-12);
  });

  it('gives inference the variance, whatever it keeps', async () => {
    const x = [1, 2, 3, 4];
    const y = await inferred(ema({ decay: 0, spread: 'deviation', unbiased: false }), x, 1);
    const { mean, variance } = momentsOf(1);
    x.forEach((value, index) => {
      const channel = index % 2;
      expect(y[index]).toBeCloseTo((value - mean[channel]!) / Math.sqrt((variance[channel]! * (rows - 1)) / rows), 12);
    });
  });

  it('refuses settings that contradict each other', () => {
    expect(() => ema({ debias: true, start: 'firstBatch' })).toThrow(/no starting value that debias could take out/);
    expect(() => ema({ debias: true, decay: { mean: 0.9, spread: 1 } })).toThrow(/use cumulative\(\)/);
    expect(() => ema({ decay: { mean: 0.9, spread: 2 } })).toThrow(/decay.spread is 2/);
    expect(() => ema({ decay: { mean: 0.9 } as never })).toThrow(/decay.spread is undefined/);
    expect(() => ema({ decay: null as never })).toThrow(ConfigError);
    expect(() => ema({ spread: 'std' as never })).toThrow(/'variance' or 'deviation'/);
    expect(() => ema({ start: 'zero' as never })).toThrow(/'standard' or 'firstBatch'/);
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

  it('can average the deviations, as lecture 002 does', async () => {
    const { runningDeviation } = await remembered(cumulative({ spread: 'deviation' }));
    const all = Array.from({ length: batches }, (_, index) => momentsOf(index + 1).variance.map(Math.sqrt));
    const mean = [0, 1].map((channel) => all.reduce((total, deviations) => total + deviations[channel]!, 0) / batches);
    expect(relativeError(runningDeviation!, mean)).toBeLessThan(1e-12);
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
