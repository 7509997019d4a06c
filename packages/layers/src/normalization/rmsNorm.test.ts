// rmsNorm: the formula with ε in each place, numbers whose squares overflow or vanish, rows of zeros, gradients.
import { ConfigError, ShapeError } from '@nn/core';
import { constant } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { rmsNorm } from './rmsNorm.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { meanOf } from '../testing/sampleMoments.ts';

const x = [3, -4, 0, 5];
const meanSquare = 50 / 4;

describe('rmsNorm', () => {
  it.each([
    ['inside', 1 / Math.sqrt(meanSquare + 0.5)],
    ['outside', 1 / (Math.sqrt(meanSquare) + 0.5)],
    ['none', 1 / Math.sqrt(meanSquare)],
  ] as const)('is γ x over the root mean square, ε %s', async (epsilonMode, factor) => {
    const { y } = await applyLayer(rmsNorm({ epsilon: 0.5, epsilonMode, gammaInitializer: constant(2) }), array(x, [1, 4]));
    x.forEach((value, index) => expect(y.data[index]).toBeCloseTo(2 * value * factor, 14));
  });

  it.each([1e-20, 1, 1e20, 1e160])('does not depend on the size of its input: %f', async (scale) => {
    const { y } = await applyLayer(
      rmsNorm({ epsilonMode: 'none' }),
      array(
        x.map((value) => value * scale),
        [1, 4],
      ),
    );
    x.forEach((value, index) => expect(y.data[index]).toBeCloseTo(value / Math.sqrt(meanSquare), 14));
  });

  it('takes the mean over any axes but the batch', async () => {
    const { y } = await applyLayer(rmsNorm({ axes: [1, 2], epsilon: 0 }), array(irregular(12), [2, 3, 2]));
    for (const sample of [0, 1]) {
      const values = Array.from(y.data).slice(6 * sample, 6 * sample + 6);
      expect(meanOf(values.map((value) => value * value))).toBeCloseTo(1, 13);
    }
    expect(declare(rmsNorm({ axes: [1, 2] }), [2, 3, 2]).specs.get('gamma')!.shape).toEqual([3, 2]);
  });

  it.each([
    [{ epsilon: 1e-5 }, 1 / Math.sqrt(1e-5)],
    [{ epsilon: 0.1, epsilonMode: 'outside' }, 10],
    [{ epsilonMode: 'none' }, 0],
    [{ epsilon: 0, epsilonMode: 'outside' }, 0],
  ] as const)('gives a row of zeros 0, and its gradient: %j', async (options, slope) => {
    const { y, gradients } = await applyLayer(rmsNorm(options), array([0, 0], [1, 2]), { upstream: () => Float64Array.of(1, -2) });
    expect(y.toArray()).toEqual([[0, 0]]);
    expect(gradients['x']!.data[0]).toBeCloseTo(slope, 9);
    expect(gradients['x']!.data[1]).toBeCloseTo(-2 * slope, 9);
  });

  it.each([
    ['inside', {}],
    ['outside', { epsilon: 0.1, epsilonMode: 'outside' }],
    ['none', { epsilonMode: 'none' }],
    ['without gamma', { scale: false }],
  ] as const)('has the right gradients: %s', async (_, options) => {
    expect(
      await gradientError(
        rmsNorm({ ...options, axes: [1, 2] }),
        array(
          irregular(12).map((value) => 3 * value),
          [2, 3, 2],
        ),
      ),
    ).toBeLessThan(1e-6);
  });

  it('learns a scale alone', () => {
    expect([...declare(rmsNorm(), [2, 3]).specs.keys()]).toEqual(['gamma']);
    expect([...declare(rmsNorm({ scale: false }), [2, 3]).specs.keys()]).toEqual([]);
    expect(() => rmsNorm({ center: true } as never)).toThrow(/shifts nothing/);
    expect(() => rmsNorm({ axes: [] })).toThrow(ConfigError);
    expect(() => rmsNorm({ epsilon: -1 })).toThrow(ConfigError);
    expect(() => declare(rmsNorm({ axes: 0 }), [2, 3])).toThrow(/the batch/);
    expect(() => declare(rmsNorm(), [3])).toThrow(ShapeError);
  });
});
