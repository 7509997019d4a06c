// The quantiles against 40-digit arithmetic, and the logarithm they rest on.
import { describe, expect, it } from 'vitest';
import { logarithm, normalQuantile } from './normalQuantile.ts';

describe('normalQuantile', () => {
  // Probability less one half, and the quantile computed with 40 digits.
  it.each([
    [2 ** -33, 2.918099372916623e-10],
    [0.0001, 0.0002506628300880351],
    [0.1, 0.25334710313579983],
    [0.25, 0.6744897501960817],
    [0.425, 1.439531470938456],
    [0.4250001, 1.4395321773759004],
    [0.4772498680518208, 2.0],
    [0.499, 3.090232306167813],
    [0.4999990463256836, 4.7630010342678135],
    [0.5 - 2 ** -33, 6.3379577545537895],
  ])('of 1/2 ± %d is ± %d', (centered, quantile) => {
    expect(Math.abs(normalQuantile(centered) / quantile - 1)).toBeLessThan(2e-15);
    expect(normalQuantile(-centered)).toBe(-normalQuantile(centered));
  });

  it('never falls', () => {
    let previous = Number.NEGATIVE_INFINITY;
    for (let index = 1; index < 20_000; index++) {
      const quantile = normalQuantile(index / 20_000 - 0.5);
      expect(quantile).toBeGreaterThan(previous);
      previous = quantile;
    }
  });
});

describe('logarithm', () => {
  it('is within two units of the last place over the whole range', () => {
    for (let exponent = -1021; exponent < 1023; exponent++) {
      for (const mantissa of [1, 1.1, Math.SQRT2, 1.42, 1.9999]) {
        const x = mantissa * 2 ** exponent;
        expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(2 * Number.EPSILON * Math.abs(Math.log(x)));
      }
    }
  });

  it('is exact at 1 and keeps its digits beside it', () => {
    expect(logarithm(1)).toBe(0);
    expect(logarithm(1 + 2 ** -40)).toBeCloseTo(2 ** -40 - 2 ** -81, 30);
  });
});
