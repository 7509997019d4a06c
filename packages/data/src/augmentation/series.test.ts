// Sine, cosine and exponential against those of the engine.
import { expect, it } from 'vitest';
import { exponential, sineAndCosine } from './series.ts';

const steps = Array.from({ length: 201 }, (_, index) => (index - 100) / 100);

it('sums up sine and cosine to the last digits', () => {
  for (const step of steps) {
    const { sine, cosine } = sineAndCosine(step * Math.PI);
    expect(Math.abs(sine - Math.sin(step * Math.PI))).toBeLessThan(3e-15);
    expect(Math.abs(cosine - Math.cos(step * Math.PI))).toBeLessThan(3e-15);
  }
  expect(sineAndCosine(0)).toEqual({ sine: 0, cosine: 1 });
});

it('sums up the exponential to the last digits', () => {
  for (const step of steps) {
    const x = -32 * (1 + step);
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-12);
  }
  expect(exponential(0)).toBe(1);
});
