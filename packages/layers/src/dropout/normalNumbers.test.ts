// Normal numbers from uniform ones: the quantiles, their ends, in float32 too.
import { scalar } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from './normalNumbers.ts';

const inDouble = scalar.evaluator(normalQuantile(scalar.input(0, 'f32')));
const inSingle = scalar.evaluator(normalQuantile(scalar.input(0, 'f32')), 'f32');
const cell = 2 ** -24;

// Probabilities and quantiles, computed with 20 digits.
const quantiles: readonly (readonly [number, number])[] = [
  [0.5, 0],
  [0.6, 0.25334710313579978],
  [0.75, 0.67448975019608174],
  [0.925, 1.4395314709384563],
  [0.95, 1.6448536269514727],
  [0.99, 2.3263478740408408],
  [0.999, 3.0902323061678132],
  [1 - 1e-6, 4.7534243088228989],
];

describe('normalQuantile', () => {
  it('has seven digits', () => {
    for (const [probability, expected] of quantiles) {
      for (const [p, sign] of [
        [probability, 1],
        [1 - probability, -1],
      ] as const) {
        expect(inDouble([p - cell / 2])).toBeCloseTo(sign * expected, 6);
      }
    }
  });

  it('is symmetric and finite from the first uniform number to the last, in float32 as in float64', () => {
    for (const quantile of [inDouble, inSingle]) {
      expect(quantile([0])).toBeCloseTo(-5.41998, 4);
      for (const step of [0, 1, 1000, 2 ** 20, 2 ** 22, 2 ** 23 - 1]) {
        expect(quantile([1 - cell - step * cell])).toBe(-quantile([step * cell]));
      }
    }
  });

  it('rises, also from one formula to the next', () => {
    let last = -Infinity;
    for (let place = 0; place < 1; place += 1 / 4096) {
      const value = inSingle([place]);
      expect(value).toBeGreaterThan(last);
      last = value;
    }
  });

  it('is as good in float32', () => {
    for (let place = 0; place < 1; place += 1 / 512) {
      const [single, double] = [inSingle([place]), inDouble([place])];
      expect(Math.abs(single - double)).toBeLessThan(2e-6 * Math.max(1, Math.abs(double)));
    }
  });
});
