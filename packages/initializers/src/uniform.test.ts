// Bounds, moments and refusals of uniform numbers.
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { draw, mean, variance } from './testing/sampling.ts';
import { uniform } from './uniform.ts';

describe('uniform', () => {
  it('has the bounds, mean and variance it is given', () => {
    const values = draw(uniform({ low: 1, high: 4 }), [1000, 1000]);
    expect(values.every((value) => value >= 1 && value <= 4)).toBe(true);
    expect(mean(values)).toBeCloseTo(2.5, 2);
    expect(Math.abs(variance(values) / 0.75 - 1)).toBeLessThan(0.01);
  });

  it('has bounds of 0.05 by default', () => {
    expect(uniform().options).toEqual({ low: -0.05, high: 0.05 });
  });

  it('refuses bounds that leave nothing between them, and other names', () => {
    for (const options of [{ low: 1, high: 1 }, { low: 1 }, { low: Number.NaN }, { high: Infinity }, { high: 1e39 }]) {
      expect(() => uniform(options)).toThrow(ConfigError);
    }
    expect(() => uniform({ minval: 0 } as never)).toThrow('uniform has no option "minval". Give low.');
    expect(() => uniform({ seed: 0 } as never)).toThrow('The network or trainer has the seed');
  });
});
