// Pictures at another size.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crop, resize } from './resize.ts';

const picture = { height: 2, width: 4, pixels: [1, 2, 3, 4, 5, 6, 7, 8] };

it('takes means of the areas that pixels cover', () => {
  expect([...(resize(picture, 1, 2).pixels as Float64Array)]).toEqual([3.5, 5.5]);
  const [left, middle, right] = [...(resize(picture, 1, 3).pixels as Float64Array)];
  expect(left).toBeCloseTo((3 + 4 / 3) / (4 / 3), 12);
  expect(middle).toBeCloseTo(4.5, 12);
  expect(right).toBeCloseTo((6 + (5 * 1) / 3) / (4 / 3), 12);
});

it('repeats pixels of smaller pictures', () => {
  expect([...(resize({ height: 1, width: 2, pixels: [1, 2] }, 2, 4).pixels as Float64Array)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
});

it('keeps the mean at every size', () => {
  const extent = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(extent, extent, extent, extent, (height, width, newHeight, newWidth) => {
      const pixels = Float64Array.from({ length: height * width }, (_, index) => (index * 31) % 17);
      const resized = resize({ height, width, pixels }, newHeight, newWidth);
      expect(mean(resized.pixels)).toBeCloseTo(mean(pixels), 10);
    }),
  );
});

it('cuts out a part', () => {
  expect(crop(picture, { top: 1, left: 1, height: 1, width: 2 })).toEqual({ height: 1, width: 2, pixels: Float64Array.of(6, 7) });
});

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
