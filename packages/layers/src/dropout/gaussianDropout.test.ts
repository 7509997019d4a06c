// gaussianDropout: mean and variance are those of dropout; when, and what it refuses.
import { ConfigError, build, describe as describeModel, identicalArrays } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { gaussianDropout } from './gaussianDropout.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { meanOf } from '../testing/sampleMoments.ts';

describe('gaussianDropout', () => {
  it.each([0.1, 0.5, 0.8])('at rate %f multiplies by numbers of mean 1 and variance rate/(1 − rate)', async (rate) => {
    const count = 40_000;
    const { y } = await applyLayer(gaussianDropout({ rate }), array(new Float64Array(count).fill(3), [1, count]), { training: true });
    const factors = Array.from(y.data, (value) => value / 3);
    const variance = meanOf(factors.map((factor) => (factor - 1) ** 2));
    const expected = rate / (1 - rate);
    expect(Math.abs(meanOf(factors) - 1)).toBeLessThan(5 * Math.sqrt(expected / count));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  it('leaves x alone in inference and at rate 0, and draws there when asked', async () => {
    const x = array([1, -2, 3], [1, 3]);
    expect(identicalArrays((await applyLayer(gaussianDropout(), x)).y, x)).toBe(true);
    expect(identicalArrays((await applyLayer(gaussianDropout({ rate: 0 }), x, { training: true })).y, x)).toBe(true);
    expect(identicalArrays((await applyLayer(gaussianDropout({ active: 'always' }), x)).y, x)).toBe(false);
  });

  it('has the right gradients, is rebuilt with its options, and refuses an infinite variance', async () => {
    expect(await gradientError(gaussianDropout({ rate: 0.4 }), array(irregular(12), [3, 4]), { training: true, seed: 5 })).toBeLessThan(
      1e-6,
    );
    const options = { rate: 0.3, active: 'always' } as const;
    expect(build(describeModel(gaussianDropout(options)), { gaussianDropout }).options).toEqual(options);
    for (const rate of [-0.1, 1, Number.NaN]) expect(() => gaussianDropout({ rate })).toThrow(ConfigError);
  });
});
