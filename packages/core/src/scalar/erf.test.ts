import { describe, expect, it } from 'vitest';
import { erf } from './erf.ts';

// Values of 2/√π ∫₀ˣ e^(−t²) dt computed with 40 digits, as the nearest float64.
const known: readonly (readonly [number, number])[] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.5, 0.5204998778130465],
  [0.75, 0.7111556336535151],
  [0.999, 0.8422852702064969],
  [1, 0.8427007929497149],
  [1.001, 0.8431154854780762],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [4, 0.9999999845827421],
  [5, 0.9999999999984626],
  [5.9, 0.9999999999999999],
];

describe('erf', () => {
  it.each(known)('of %s is right to 1e-15 relative, and odd', (x, expected) => {
    expect(Math.abs(erf(x) / expected - 1)).toBeLessThanOrEqual(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  });

  it('agrees between its ranges with the sum of positive terms 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!', () => {
    for (let x = 0.01; x < 3; x += 0.01) {
      let [term, sum] = [x, x];
      for (let n = 1; n < 200; n++) sum += term *= (2 * x * x) / (2 * n + 1);
      const expected = ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
      expect(Math.abs(erf(x) / expected - 1), `x = ${x}`).toBeLessThanOrEqual(4e-15);
    }
  });
});
