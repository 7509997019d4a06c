// batchRenorm: r and d by hand and at their bounds, no gradient through them, ramps, and what it refuses.
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './batchNorm.ts';
import { batchRenorm } from './batchRenorm.ts';
import { ema } from '../runningStatistics/ema.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

const training = { training: true } as const;
const wide = { rMax: 1e9, dMax: 1e9 } as const;
const x = [2, 4, 6, 8];
const [mean, deviation] = [5, Math.sqrt(5)];

/** Outputs in training where μ = 1 and σ = 4 are remembered, without ε. */
async function outputs(options: Parameters<typeof batchRenorm>[0]): Promise<readonly number[]> {
  const runner = await layerRunner(batchRenorm({ epsilon: 0, ...options }), { shape: [4, 1], dtype: 'f32' }, training);
  runner.store.write('runningMean', array([1], [1]));
  runner.store.write('runningDeviation', array([4], [1]));
  return [...(await runner.run(array(x, [4, 1]))).y.data];
}

describe('batchRenorm', () => {
  it('without bounds trains on what inference will see', async () => {
    (await outputs(wide)).forEach((value, index) => expect(value).toBeCloseTo((x[index]! - 1) / 4, 13));
  });

  it('holds r within [1/rMax, rMax] and d within [−dMax, dMax]', async () => {
    const normalized = x.map((value) => (value - mean) / deviation);
    (await outputs({ rMax: 1.5, dMax: 1e9 })).forEach((value, index) => expect(value).toBeCloseTo(normalized[index]! / 1.5 + 1, 13));
    (await outputs({ rMax: 1e9, dMax: 0.25 })).forEach((value, index) =>
      expect(value).toBeCloseTo((normalized[index]! * deviation) / 4 + 0.25, 13),
    );
  });

  it('learns γ and β behind the correction', async () => {
    const runner = await layerRunner(batchRenorm(wide), { shape: [4, 1], dtype: 'f32' }, training);
    const plain = [...(await runner.run(array(x, [4, 1]))).y.data];
    const other = await layerRunner(batchRenorm(wide), { shape: [4, 1], dtype: 'f32' }, training);
    other.store.write('gamma', array([3], [1]));
    other.store.write('beta', array([-1], [1]));
    (await other.run(array(x, [4, 1]))).y.data.forEach((value: number, index: number) =>
      expect(value).toBeCloseTo(3 * plain[index]! - 1, 12),
    );
  });

  it('has no gradient through r and d: that of batchNorm, times r', async () => {
    const upstream = { ...training, upstream: () => Float64Array.of(1, -2, 0.5, 3) };
    const runner = await layerRunner(batchRenorm({ epsilon: 0, ...wide }), { shape: [4, 1], dtype: 'f32' }, upstream);
    runner.store.write('runningDeviation', array([4], [1]));
    const { gradients } = await runner.run(array(x, [4, 1]));
    const plain = await applyLayer(batchNorm({ epsilon: 0 }), array(x, [4, 1]), upstream);
    plain.gradients['x']!.data.forEach((value: number, index: number) => {
      expect(gradients['x']!.data[index]).toBeCloseTo((value * deviation) / 4, 13);
    });
  });

  it('has the right gradients where a bound holds r and d', async () => {
    const layer = batchRenorm({ rMax: 1.01, dMax: 0.01 });
    const variables = { runningMean: array([9, 9], [2]), runningDeviation: array([9, 9], [2]) };
    expect(await gradientError(layer, array(irregular(10), [5, 2]), { ...training, variables })).toBeLessThan(1e-6);
  });

  it('widens its bounds along a ramp over the training steps, and counts them', async () => {
    const ramp = { from: 1, to: 3, begin: 1, end: 5 };
    const layer = batchRenorm({ epsilon: 0, rMax: ramp, dMax: 0, runningStatistics: ema({ decay: 1, spread: 'deviation' }) });
    const runner = await layerRunner(layer, { shape: [4, 1], dtype: 'f32' }, training);
    runner.store.write('runningDeviation', array([100], [1]));
    const scales: number[] = [];
    for (let step = 1; step <= 6; step++) {
      const { y } = await runner.run(array(x, [4, 1]), step);
      scales.push((y.data[3]! * deviation) / (x[3]! - mean));
    }
    [1, 1.5, 2, 2.5, 3, 3].forEach((bound, index) => expect(scales[index]).toBeCloseTo(1 / bound, 13));
    expect((await runner.store.read('trainingSteps')).item()).toBe(6);
  });

  it('remembers the deviation with decay 0.99, and infers as batchNorm', async () => {
    const runner = await layerRunner(batchRenorm(), { shape: [4, 1], dtype: 'f32' }, training);
    await runner.run(array(x, [4, 1]));
    expect((await runner.store.read('runningMean')).item()).toBeCloseTo(0.01 * mean, 13);
    expect((await runner.store.read('runningDeviation')).item()).toBeCloseTo(0.99 + 0.01 * deviation, 13);
    const rows = array(irregular(6), [2, 3]);
    expect((await applyLayer(batchRenorm(), rows)).y.data).toEqual((await applyLayer(batchNorm(), rows)).y.data);
  });

  it('gives β + γ d for a channel without deviation, and no NaN', async () => {
    const { y, gradients } = await applyLayer(batchRenorm({ epsilon: 0, ...wide }), array([3, 3], [2, 1]), {
      ...training,
      upstream: () => Float64Array.of(1, 2),
    });
    expect(y.toArray()).toEqual([[3], [3]]);
    expect([...gradients['x']!.data].every((value) => value === 0)).toBe(true);
  });

  it('refuses bounds that are none, and a single value per channel', async () => {
    expect(() => batchRenorm({ rMax: 0.5 })).toThrow(/rMax is 0.5/);
    expect(() => batchRenorm({ dMax: -1 })).toThrow(/dMax is -1/);
    expect(() => batchRenorm({ rMax: { from: 1, to: 3, begin: 5, end: 5 } })).toThrow(/rMax.end is 5/);
    expect(() => batchRenorm({ dMax: { from: 0, to: 3, begin: 0, until: 5 } as never })).toThrow(ConfigError);
    expect(() => batchRenorm({ dMax: { from: 0, to: 3, begin: 0, end: 5, by: 1 } as never })).toThrow(/has "by"/);
    await expect(applyLayer(batchRenorm(), array([1, 2], [1, 2]), training)).rejects.toThrow(ShapeError);
  });
});
