// Constraints: what they do to the weights of units, and what they leave as it is to the last bit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied } from '../testing/judge.ts';
import { maxNorm } from './maxNorm.ts';
import { nonNegative } from './nonNegative.ts';
import { unitNorm } from './unitNorm.ts';

/** Two inputs, three units. */
const kernel = [
  [3, 0, 0.5],
  [4, 0, -0.5],
];

const lengthOf = (values: readonly number[]): number => Math.hypot(...values);
const column = (flat: readonly number[], unit: number): number[] => [flat[unit]!, flat[unit + 3]!];

describe('maxNorm', () => {
  it('shortens the units that are too long and keeps the bits of the others', async () => {
    const after = await applied(maxNorm(1).apply, kernel);
    expect(column(after, 0)).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
    expect(column(after, 1)).toEqual([0, 0]);
    expect(column(after, 2)).toEqual([0.5, -0.5]);
  });

  it('takes a parameter with one axis, or the axes it is given, as one vector', async () => {
    expect(lengthOf(await applied(maxNorm(2).apply, [3, 4, 12]))).toBeCloseTo(2, 12);
    expect(lengthOf(await applied(maxNorm(2, { axes: [0, 1] }).apply, kernel))).toBeCloseTo(2, 12);
  });

  it('holds its limit for weights of any size', async () => {
    const weights = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(1e38), min: Math.fround(-1e38) }), {
      minLength: 2,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(weights, async (values) => {
        const after = await applied(maxNorm(3).apply, values);
        expect(lengthOf(after)).toBeLessThanOrEqual(3 * (1 + 1e-12));
        if (lengthOf(values) <= 2.99) expect(after).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, -1, NaN, Infinity])('refuses the limit %d', (max) => {
    expect(() => maxNorm(max)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('refuses axes that the parameter does not have', async () => {
    await expect(applied(maxNorm(1, { axes: [2] }).apply, kernel)).rejects.toMatchObject({ name: 'ShapeError' });
  });

  it('is made again from its options', () => {
    expect(maxNorm.rebuild(maxNorm(3, { axes: [0] }).options, {}).options).toEqual({ max: 3, axes: [0] });
    expect(maxNorm.rebuild(maxNorm(3).options, {}).options).toEqual({ max: 3 });
  });
});

describe('unitNorm', () => {
  it('makes every unit 1 long, and leaves one of zeros', async () => {
    const after = await applied(unitNorm().apply, kernel);
    expect(column(after, 0)).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
    expect(column(after, 1)).toEqual([0, 0]);
    expect(lengthOf(column(after, 2))).toBeCloseTo(1, 12);
  });

  it('keeps the direction of the smallest and the largest numbers', async () => {
    expect(await applied(unitNorm().apply, [1e-38, 0])).toEqual([1, 0]);
    expect(await applied(unitNorm().apply, [-1e38, 0])).toEqual([-1, 0]);
  });

  it('is made again from its options', () => {
    expect(unitNorm.rebuild(unitNorm({ axes: [1] }).options, {}).options).toEqual({ axes: [1] });
  });
});

describe('nonNegative', () => {
  it('makes what is below 0 zero, and hides no NaN', async () => {
    expect(await applied(nonNegative().apply, [1, -1, 0, -0, NaN])).toEqual([1, 0, 0, -0, NaN]);
  });
});
