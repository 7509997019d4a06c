// The lectures' ways to remember: what they come to, and how wrong inference is with them.
import { describe, expect, it } from 'vitest';
import { batchNorm } from './normalization/batchNorm.ts';
import { ema } from './runningStatistics/ema.ts';
import { lastBatch, unnormalizedSum } from './lectures.ts';
import { batches, inferred, momentsOf, relativeError, remembered, rows } from './testing/batches.ts';
import { array, layerRunner } from './testing/layerRunner.ts';

/** Σ decayᵏ value over the batches, the last one with weight 1. */
function weightedSum(decay: number, of: (step: number) => number[]): number[] {
  const sum = [0, 0];
  for (let step = 1; step <= batches; step++) of(step).forEach((value, channel) => (sum[channel] = decay * sum[channel]! + value));
  return sum;
}

const deviations = (step: number): number[] => momentsOf(step).variance.map((variance) => Math.sqrt((variance * (rows - 1)) / rows));

describe('unnormalizedSum', () => {
  it('is the recurrence of the lectures, with β for the mean and λ for the deviation', async () => {
    const buffers = await remembered(unnormalizedSum({ decay: { mean: 0.9, spread: 0.5 } }));
    expect(Object.keys(buffers)).toEqual(['runningMean', 'runningDeviation', 'count']);
    expect(
      relativeError(
        buffers['runningMean']!,
        weightedSum(0.9, (step) => momentsOf(step).mean),
      ),
    ).toBeLessThan(1e-12);
    expect(relativeError(buffers['runningDeviation']!, weightedSum(0.5, deviations))).toBeLessThan(1e-12);
  });

  it.each([
    [0.9, 10],
    [0.99, 100],
  ])('with decay %f goes to %i times the mean', async (decay, times) => {
    const layer = batchNorm({ runningStatistics: unnormalizedSum({ decay }) });
    const runner = await layerRunner(layer, { shape: [2, 1], dtype: 'f32' }, { training: true });
    for (let step = 1; step <= 40 * times; step++) await runner.run(array([4, 6], [2, 1]), step);
    expect((await runner.store.read('runningMean')).item()).toBeCloseTo(5 * times, 8);
    expect((await runner.store.read('runningDeviation')).item()).toBeCloseTo(times, 8);
  });

  it('is wrong in inference, and right when it is debiased', async () => {
    const x = [3, 0];
    const right = await inferred(ema({ debias: true, spread: 'deviation', unbiased: false }), x, batches);
    const healed = await inferred(unnormalizedSum({ debias: true }), x, batches);
    const wrong = await inferred(unnormalizedSum(), x, batches);
    expect(relativeError(healed, right)).toBeLessThan(1e-10);
    expect(Math.abs(wrong[0]! - right[0]!)).toBeGreaterThan(1);
  });

  it('normalizes by nothing before the first batch', async () => {
    expect(await inferred(unnormalizedSum(), [3, 7], 0)).toEqual([3, 7]);
    expect(await inferred(unnormalizedSum({ debias: true, decay: 1 }), [3, 7], 0)).toEqual([3, 7]);
  });

  it('with decay 1, debiased, is the plain mean; with decay 0 the last batch', async () => {
    const x = [3, 0];
    const plain = await inferred(unnormalizedSum({ debias: true, decay: 1 }), x, 4);
    const mean = [1, 2, 3, 4].reduce((total, step) => total + momentsOf(step).mean[0]!, 0) / 4;
    const deviation = [1, 2, 3, 4].reduce((total, step) => total + deviations(step)[0]!, 0) / 4;
    expect(plain[0]).toBeCloseTo((3 - mean) / deviation, 10);
    expect(
      relativeError(await inferred(unnormalizedSum({ decay: 0 }), x, 4), await inferred(lastBatch({ unbiased: false }), x, 4)),
    ).toBeLessThan(1e-12);
  });

  it('refuses options out of range', () => {
    expect(() => unnormalizedSum({ decay: 2 })).toThrow(/decay is 2/);
    expect(() => unnormalizedSum({ momentum: 0.1 } as never)).toThrow(/weight of the old value/);
    expect(() => unnormalizedSum({ debias: 1 as never })).toThrow(/debias is 1/);
  });
});

describe('lastBatch', () => {
  it('remembers the last batch alone', async () => {
    const buffers = await remembered(lastBatch());
    expect(relativeError(buffers['runningMean']!, momentsOf(batches).mean)).toBeLessThan(1e-12);
    expect(relativeError(buffers['runningVariance']!, momentsOf(batches).variance)).toBeLessThan(1e-12);
    const { runningDeviation } = await remembered(lastBatch({ spread: 'deviation', unbiased: false }));
    expect(relativeError(runningDeviation!, deviations(batches))).toBeLessThan(1e-12);
  });
});
