// Moments over axes, which are one primitive for all normalizations. Their numbers are checked by the golden cases of the conformance package.
import { expect, test } from 'vitest';
import { moments } from './reductions.ts';
import { trace } from './trace.ts';

const [batch, features] = [7, 5];

// Lecture 001: (E_B z)ⱼ has d numbers, (E_d z)ᵢ has B, and E z is one.
test.each([
  ['the batch', 0, [1, features]],
  ['the features', 1, [batch, 1]],
  ['all', [0, 1], [1, 1]],
  ['all, from behind', [-1, 0], [1, 1]],
])('moments over %s keep the other axes', (_name, axes, shape) => {
  trace({ z: { shape: [batch, features], dtype: 'f32' } }, ({ z }) => {
    const { mean, variance, centered } = moments(z, axes);
    expect([mean.shape, variance.shape, centered.shape]).toEqual([shape, shape, [batch, features]]);
    return mean;
  });
});
