// Factors of bytes as two numbers of float32.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scaleParts } from './scale.ts';

it('finds parts whose sum of products is the product, rounded once', () => {
  for (const scale of [1 / 255, 1, 2, 1 / 256, 0.1, -1 / 127.5]) {
    const [high, low] = scaleParts(scale)!;
    for (let byte = 0; byte < 256; byte++) {
      expect(Math.fround(Math.fround(byte * high) + Math.fround(byte * low))).toBe(Math.fround(byte * scale));
      expect(Math.fround(byte * high)).toBe(byte * high);
    }
  }
});

it('finds them for nearly every factor, and none where a product would be off', () => {
  const factors = fc.sample(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { numRuns: 1000, seed: 1 });
  expect(factors.filter((factor) => scaleParts(factor) === undefined).length).toBeLessThan(20);
  expect(scaleParts(1e-40)).toBeUndefined();
  expect(scaleParts(1e39)).toBeUndefined();
});
