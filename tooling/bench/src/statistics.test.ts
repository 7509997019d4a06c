import { describe, expect, it } from 'vitest';
import { median, quantile, spread } from './statistics.ts';

describe('quantiles', () => {
  it('are interpolated between neighbours', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10, 20, 30, 40], 0.9)).toBe(36);
    expect([quantile([5, 7], 0), quantile([5, 7], 1)]).toEqual([5, 7]);
  });

  it('of nothing do not exist', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  it('say how far the middle half spreads', () => {
    expect(spread([1, 2, 3, 4, 5])).toBeCloseTo(2 / 3);
    expect(spread([7, 7, 7])).toBe(0);
  });
});
