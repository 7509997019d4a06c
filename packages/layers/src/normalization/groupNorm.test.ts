// groupNorm: what a group is, on any channel axis, and what it refuses.
import { ConfigError, ShapeError } from '@nn/core';
import { constant } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { groupNorm } from './groupNorm.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { meanOf } from '../testing/sampleMoments.ts';

describe('groupNorm', () => {
  it('normalizes neighbouring channels of each sample together', async () => {
    const { y } = await applyLayer(groupNorm({ groups: 2, epsilon: 0 }), array(irregular(2 * 3 * 4), [2, 3, 4]));
    for (const sample of [0, 1]) {
      for (const group of [0, 1]) {
        const values = Array.from(y.data).filter((_, index) => Math.floor(index / 12) === sample && Math.floor((index % 4) / 2) === group);
        expect(values).toHaveLength(6);
        expect(meanOf(values)).toBeCloseTo(0, 13);
        expect(meanOf(values.map((value) => value * value))).toBeCloseTo(1, 13);
      }
    }
  });

  it('is by hand γ (x − μ) / √(σ² + ε) + β, with γ and β of each channel', async () => {
    const layer = groupNorm({ groups: 1, epsilon: 0.5, gammaInitializer: constant(3), betaInitializer: constant(2) });
    const { y } = await applyLayer(layer, array([1, 2, 6], [1, 3]));
    [1, 2, 6].forEach((value, index) => expect(y.data[index]).toBeCloseTo((3 * (value - 3)) / Math.sqrt(14 / 3 + 0.5) + 2, 13));
    expect(declare(groupNorm({ groups: 2 }), [2, 3, 4]).specs.get('gamma')!.shape).toEqual([4]);
  });

  it('keeps another channel axis', async () => {
    const x = irregular(2 * 4 * 3);
    const { y } = await applyLayer(groupNorm({ groups: 2, channelAxis: 1 }), array(x, [2, 4, 3]));
    const swapped = Float64Array.from(x, (_, index) => x[Math.floor(index / 12) * 12 + (index % 4) * 3 + (Math.floor(index / 4) % 3)]!);
    const { y: last } = await applyLayer(groupNorm({ groups: 2 }), array(swapped, [2, 3, 4]));
    last.data.forEach((value: number, index: number) => {
      expect(value).toBeCloseTo(y.data[Math.floor(index / 12) * 12 + (index % 4) * 3 + (Math.floor(index / 4) % 3)]!, 13);
    });
  });

  it('is in training what it is in inference, for a batch of one too', async () => {
    const x = array(irregular(8), [1, 2, 4]);
    const [training, inference] = [
      await applyLayer(groupNorm({ groups: 2 }), x, { training: true }),
      await applyLayer(groupNorm({ groups: 2 }), x),
    ];
    expect(training.y.data).toEqual(inference.y.data);
  });

  it('gives β for one value per group', async () => {
    const { y } = await applyLayer(groupNorm({ groups: 3, betaInitializer: constant(7) }), array([1, 2, 3], [1, 3]));
    expect(y.toArray()).toEqual([[7, 7, 7]]);
  });

  it.each([
    ['rows', [3, 4], { groups: 2 }],
    ['images', [2, 2, 3, 4], { groups: 2 }],
    ['another axis', [2, 4, 3], { groups: 4, channelAxis: 1 }],
    ['epsilon outside', [3, 4], { groups: 1, epsilon: 0.1, epsilonMode: 'outside' }],
  ] as const)('has the right gradients: %s', async (_, shape, options) => {
    const size = shape.reduce((product: number, extent: number) => product * extent, 1);
    const layer = groupNorm({ ...options, gammaInitializer: constant(1.5) });
    expect(await gradientError(layer, array(irregular(size), shape), { training: true })).toBeLessThan(1e-6);
  });

  it('refuses groups that do not divide, and options out of range', () => {
    expect(() => declare(groupNorm({ groups: 3 }), [2, 4])).toThrow(/3 groups do not divide the 4 channels of x f32\[2, 4\]/);
    expect(() => declare(groupNorm(), [2, 4])).toThrow(ConfigError);
    for (const groups of [0, -1, 1.5]) expect(() => groupNorm({ groups })).toThrow(ConfigError);
    expect(() => groupNorm({ epsilon: -1 })).toThrow(ConfigError);
    expect(() => groupNorm({ epsilonMode: 'middle' as never })).toThrow(/'inside' or 'outside' or 'none'/);
    expect(() => declare(groupNorm({ groups: 1 }), [4])).toThrow(ShapeError);
    expect(() => declare(groupNorm({ groups: 1, channelAxis: 0 }), [4, 2])).toThrow(/is the batch axis/);
  });
});
