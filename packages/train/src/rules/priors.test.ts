// What penalties believe about weights before any data: minus the logarithm of a density, and its slope (lecture 003).
import { describe, expect, it } from 'vitest';
import { penaltyOf } from '../testing/judge.ts';
import { l1 } from './l1.ts';
import { l2 } from './l2.ts';

const weights = [0.75, -1.25, 2.5];
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('a penalty is minus the logarithm of a prior, but for what does not depend on the weights', () => {
  it('L2 with λ = 1/(2σ²): normal, with the deviation σ', async () => {
    const deviation = 0.6;
    const logDensity = (w: number): number => -0.5 * (w / deviation) ** 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
    const { penalty, gradient } = await penaltyOf(l2(1 / (2 * deviation ** 2)), weights);
    expect(penalty).toBeCloseTo(weights.length * logDensity(0) - total(weights.map(logDensity)), 12);
    weights.forEach((w, index) => expect(gradient[index]).toBeCloseTo(w / deviation ** 2, 12));
  });

  it('L1 with λ = 1/b: Laplace, with the scale b', async () => {
    const scale = 0.4;
    const logDensity = (w: number): number => -Math.abs(w) / scale - Math.log(2 * scale);
    const { penalty, gradient } = await penaltyOf(l1(1 / scale), weights);
    expect(penalty).toBeCloseTo(weights.length * logDensity(0) - total(weights.map(logDensity)), 12);
    expect(gradient).toEqual(weights.map((w) => Math.sign(w) / scale));
  });
});
