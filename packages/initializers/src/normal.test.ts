// Moments, limits and refusals of normal numbers.
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { normal, truncatedNormal } from './normal.ts';
import { draw, largest, mean, variance } from './testing/sampling.ts';

describe.each([
  ['normal', normal],
  ['truncatedNormal', truncatedNormal],
])('%s', (_, factory) => {
  it('has the mean and deviation it is given, truncated or not', () => {
    const values = draw(factory({ mean: 2, deviation: 0.5 }), [1000, 1000]);
    expect(mean(values)).toBeCloseTo(2, 2);
    expect(Math.abs(variance(values) / 0.25 - 1)).toBeLessThan(0.01);
  });

  it('has mean 0 and deviation 0.05 by default, and takes deviation 0 at its word', () => {
    expect(factory().options).toEqual({ mean: 0, deviation: 0.05 });
    expect(draw(factory({ mean: 1, deviation: 0 }), [2])).toEqual(Float32Array.of(1, 1));
  });

  it('refuses a deviation below 0, numbers that are none, and other names', () => {
    for (const options of [{ deviation: -1 }, { deviation: Number.NaN }, { mean: Infinity }])
      expect(() => factory(options)).toThrow(ConfigError);
    expect(() => factory({ stddev: 1 } as never)).toThrow('has no option "stddev". Give deviation.');
  });
});

describe('truncatedNormal', () => {
  it('stays within 2 / 0.8796 deviations, which normal does not', () => {
    const limit = (2 / 0.8796256610342398) * 0.5;
    expect(largest(draw(truncatedNormal({ deviation: 0.5 }), [1000, 1000]))).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest(draw(normal({ deviation: 0.5 }), [1000, 1000]))).toBeGreaterThan(2 * limit - 0.1);
  });
});
