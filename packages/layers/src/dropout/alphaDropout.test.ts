// alphaDropout: its constants, and that mean 0 and variance 1 stay.
import { ConfigError, build, describe as describeModel, identicalArrays } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { alphaDropout, alphaDropoutCorrection } from './alphaDropout.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { meanOf, standardNormal, varianceOf } from '../testing/sampleMoments.ts';

/** a·(−λα) + b at rate 0.5, where b = a·λα/2. */
const droppedAtHalf = -0.7791939305180317;

describe('alphaDropout', () => {
  // Scale a and shift b by rate, computed with 20 digits.
  it.each([
    [0.05, 0.9548444760050309, 0.08393557219381019],
    [0.1, 0.9212845161497115, 0.16197097005757022],
    [0.2, 0.8789035834435328, 0.3090399621440945],
    [0.5, 0.8864048946659319, 0.7791939305180317],
    [0.9, 1.6261082760401306, 2.5729738994273563],
  ])('at rate %f corrects with the constants of the paper', (rate, scale, shift) => {
    expect(alphaDropoutCorrection(rate).scale).toBeCloseTo(scale, 14);
    expect(alphaDropoutCorrection(rate).shift).toBeCloseTo(shift, 14);
  });

  it.each([0.05, 0.1, 0.5, 0.8])('keeps mean 0 and variance 1 at rate %f', async (rate) => {
    const count = 40_000;
    const { y } = await applyLayer(alphaDropout({ rate }), standardNormal(1, count), { training: true });
    expect(Math.abs(meanOf(y.data))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(varianceOf(y.data) - 1)).toBeLessThan(0.05);
  });

  it('puts dropped values, infinite ones too, to one number', async () => {
    const { y } = await applyLayer(alphaDropout(), array(new Float64Array(100).fill(Infinity), [1, 100]), { training: true });
    expect(new Set(y.data)).toEqual(new Set([Infinity, droppedAtHalf]));
  });

  it('leaves x alone in inference and at rate 0, and gives zeros at rate 1', async () => {
    const x = array([1, -2, Infinity], [1, 3]);
    expect(identicalArrays((await applyLayer(alphaDropout(), x)).y, x)).toBe(true);
    expect(identicalArrays((await applyLayer(alphaDropout({ rate: 0 }), x, { training: true })).y, x)).toBe(true);
    const finite = array([1, -2, 3], [1, 3]);
    expect((await applyLayer(alphaDropout({ rate: 1 }), finite, { training: true })).y.data.every((value) => value === 0)).toBe(true);
    expect(new Set((await applyLayer(alphaDropout({ active: 'always' }), array(new Float64Array(50), [1, 50]))).y.data).size).toBe(2);
  });

  it('drops what lies along an axis of extent 1 of its mask together', async () => {
    const x = array(new Float64Array(600).fill(1), [100, 6]);
    const { y } = await applyLayer(alphaDropout({ noiseShape: [null, 1] }), x, { training: true });
    const rows = Array.from({ length: 100 }, (_, row) => new Set(y.row(row).data));
    expect(rows.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(y.data).size).toBe(2);
    expect(() => alphaDropout({ noiseShape: [null, 0] })).toThrow(ConfigError);
  });

  it('has the right gradients, is rebuilt with its options, and refuses what is no rate', async () => {
    expect(await gradientError(alphaDropout({ rate: 0.4 }), array(irregular(12), [3, 4]), { training: true, seed: 5 })).toBeLessThan(1e-6);
    const options = { rate: 0.3, noiseShape: [null, 1], active: 'always' } as const;
    expect(build(describeModel(alphaDropout(options)), { alphaDropout }).options).toEqual(options);
    for (const rate of [-0.1, 1.1, Number.NaN]) expect(() => alphaDropout({ rate })).toThrow(ConfigError);
  });
});
