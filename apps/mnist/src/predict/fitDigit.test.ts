// Drawings as the images of MNIST.
import { describe, expect, it } from 'vitest';
import type { Picture } from './digit.ts';
import { fitDigit } from './fitDigit.ts';

/** A bright rectangle on a dark ground. */
function rectangle(size: { height: number; width: number }, part: { top: number; left: number; height: number; width: number }): Picture {
  const pixels = new Float64Array(size.height * size.width);
  for (let row = part.top; row < part.top + part.height; row++) {
    pixels.fill(1, row * size.width + part.left, row * size.width + part.left + part.width);
  }
  return { ...size, pixels };
}

const inverted = (picture: Picture): Picture => ({ ...picture, pixels: Float64Array.from(picture.pixels, (value) => 1 - value) });

/** Rows and columns that hold something, first and last. */
function bounds({ height, width, pixels }: Picture): number[] {
  const lit = Array.from(pixels, (value, index) => (value > 0.01 ? [Math.floor(index / width), index % width] : [])).filter(
    (at) => at.length > 0,
  );
  expect(height * width).toBe(pixels.length);
  const [rows, columns] = [lit.map((at) => at[0]!), lit.map((at) => at[1]!)];
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
}

describe('a picture of the right size', () => {
  const picture = rectangle({ height: 28, width: 28 }, { top: 0, left: 20, height: 3, width: 3 });

  it('is taken as it is', () => {
    expect(fitDigit(picture, 28, 28)).toEqual({ picture, changes: [] });
  });

  it('is inverted when its background is light', () => {
    const fitted = fitDigit(inverted(picture), 28, 28);
    expect(fitted).toEqual({ picture, changes: ['light background, dark and light exchanged'] });
  });
});

describe('a picture of another size', () => {
  it('is cut to its drawing, scaled to 20 of 28 pixels and centered', () => {
    const { picture, changes } = fitDigit(rectangle({ height: 200, width: 300 }, { top: 10, left: 10, height: 100, width: 50 }), 28, 28);
    expect(bounds(picture)).toEqual([4, 23, 9, 18]);
    expect(Math.max(...Array.from(picture.pixels))).toBeCloseTo(1, 12);
    expect(changes).toEqual(['cut to 50 × 100 of 300 × 200, scaled and centered in 28 × 28']);
  });

  it('may be smaller, and of one line', () => {
    expect(bounds(fitDigit(rectangle({ height: 9, width: 9 }, { top: 1, left: 4, height: 7, width: 1 }), 28, 28).picture)).toEqual([
      4, 23, 13, 15,
    ]);
  });

  it('has its centre of mass in the middle', () => {
    const even = rectangle({ height: 60, width: 60 }, { top: 20, left: 10, height: 20, width: 40 });
    // Faint on the right: the weight is on the left.
    const heavyLeft = Float64Array.from(even.pixels, (value, index) => (index % 60 >= 30 ? value * 0.25 : value));
    expect(bounds(fitDigit({ ...even, pixels: heavyLeft }, 28, 28).picture)).toEqual([9, 18, 7, 26]);
    const heavyTop = Float64Array.from(heavyLeft, (_, index) => heavyLeft[(index % 60) * 60 + Math.floor(index / 60)]!);
    expect(bounds(fitDigit({ ...even, pixels: heavyTop }, 28, 28).picture)).toEqual([7, 26, 9, 18]);
  });

  it('loses its gray ground', () => {
    const drawing = rectangle({ height: 50, width: 50 }, { top: 10, left: 10, height: 30, width: 30 });
    const paper = { ...drawing, pixels: Float64Array.from(drawing.pixels, (value) => 0.8 - 0.6 * value) };
    const fitted = fitDigit(paper, 28, 28);
    expect(fitted.picture.pixels[0]).toBe(0);
    expect(bounds(fitted.picture)).toEqual([4, 23, 4, 23]);
    expect(fitted.changes).toHaveLength(2);
  });

  it('must show something', () => {
    expect(() => fitDigit(inverted(rectangle({ height: 50, width: 50 }, { top: 0, left: 0, height: 0, width: 0 })), 28, 28)).toThrow(
      'The image shows nothing',
    );
  });
});
