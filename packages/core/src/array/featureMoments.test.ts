// Moments of features in parts: what parts come to is what all at once gives, far from zero and for constants too.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FeatureMoments, featureOfElement } from './featureMoments.ts';

test('elements are of the feature at their place along the axes that are not shared', () => {
  expect([...featureOfElement([2, 3], [2, 3])]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...featureOfElement([2, 3], [1, 3])]).toEqual([0, 1, 2, 0, 1, 2]);
  expect([...featureOfElement([2, 3], [2, 1])]).toEqual([0, 0, 0, 1, 1, 1]);
  expect([...featureOfElement([2, 3], [1, 1])]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...featureOfElement([], [])]).toEqual([0]);
  expect([...featureOfElement([0, 3], [1, 3])]).toEqual([]);
});

test('parts of any size come to what all rows at once give, also at mean 1e6', () => {
  const row = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }));
  const partsOfRows = fc.array(fc.array(row, { maxLength: 5 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(partsOfRows, fc.constantFrom(0, 1e6), (parts, offset) => {
      const moments = new FeatureMoments(featureOfElement([2], [2]), 2);
      for (const part of parts) moments.add(part.flatMap(([a, b]) => [offset + a / 64, b]));
      const rows = parts.flat();
      for (const feature of [0, 1] as const) {
        const values = rows.map((values_) => (feature === 0 ? offset + values_[0] / 64 : values_[1]));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        if (rows.length === 0) expect([moments.mean[feature], moments.variance[feature]]).toEqual([NaN, NaN]);
        else {
          expect(Math.abs(moments.mean[feature]! - mean)).toBeLessThan(1e-9);
          expect(Math.abs(moments.variance[feature]! - variance)).toBeLessThan(1e-7 * Math.max(1, variance));
        }
      }
    }),
  );
});

test('a constant that float64 cannot sum exactly has its own mean and no variance', () => {
  const moments = new FeatureMoments(featureOfElement([1], [1]), 1);
  for (const count of [1001, 7]) moments.add(new Float64Array(count).fill(0.1));
  expect([...moments.mean, ...moments.variance]).toEqual([0.1, 0]);
});
