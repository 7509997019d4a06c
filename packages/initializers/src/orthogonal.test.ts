// Orthonormal columns or rows, every rotation equally likely, groups apart.
import { ConfigError, ShapeError } from '@nn/core';
import type { Fans, Shape } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fansOf } from './fans.ts';
import { orthogonal } from './orthogonal.ts';
import { draw, mean, variance } from './testing/sampling.ts';

/** How far the columns of a matrix, or its rows where they are the shorter ones, are from orthonormal. */
function gramError(at: (row: number, column: number) => number, rows: number, columns: number): number {
  const element = rows >= columns ? at : (row: number, column: number) => at(column, row);
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let place = 0; place < length; place++) product += element(place, a) * element(place, b);
      worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)));
    }
  }
  return worst;
}

function matrixError(shape: readonly [number, number], seed = 0, gain = 1): number {
  const values = draw(orthogonal({ gain }), shape, { fanIn: shape[0], fanOut: shape[1] }, seed);
  return gramError((row, column) => values[row * shape[1] + column]! / gain, ...shape);
}

describe('orthogonal', () => {
  it('is orthonormal to the last bit of float32, tall, wide or square', () => {
    const extent = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(extent, extent, fc.integer({ min: 0, max: 1000 }), (rows, columns, seed) => {
        expect(matrixError([rows, columns], seed)).toBeLessThan(3e-7);
      }),
      { numRuns: 60 },
    );
    expect(matrixError([200, 200])).toBeLessThan(3e-7);
  });

  it('is multiplied by the gain', () => {
    expect(matrixError([12, 7], 1, Math.SQRT2)).toBeLessThan(3e-7);
    expect(matrixError([12, 7], 1, -3)).toBeLessThan(3e-7);
    expect(draw(orthogonal({ gain: 0 }), [2, 2]).every((value) => value === 0)).toBe(true);
  });

  it('takes the kernel of a convolution as a matrix of patches', () => {
    const values = draw(orthogonal(), [3, 3, 4, 8], fansOf([3, 3, 4, 8]));
    expect(gramError((row, column) => values[row * 8 + column]!, 36, 8)).toBeLessThan(3e-7);
  });

  it('makes the matrix of each group orthogonal', () => {
    const [groups, perGroup] = [4, 2];
    const values = draw(orthogonal(), [1, 3, 2, groups * perGroup], fansOf([1, 3, 2, groups * perGroup], { groups }));
    for (let group = 0; group < groups; group++) {
      expect(gramError((row, column) => values[row * 8 + group * perGroup + column]!, 6, perGroup)).toBeLessThan(3e-7);
    }
    // Depthwise: nine weights a channel, each set of length 1.
    const depthwise = draw(orthogonal(), [3, 3, 1, 16], fansOf([3, 3, 1, 16], { groups: 16 }));
    for (let channel = 0; channel < 16; channel++) {
      const weights = depthwise.filter((_, index) => index % 16 === channel);
      expect(weights.reduce((total, value) => total + value * value, 0)).toBeCloseTo(1, 6);
    }
  });

  it('prefers no direction: the elements of small matrices have mean 0 and variance 1/n', () => {
    const elements = Float32Array.from({ length: 4000 }, (_, seed) => draw(orthogonal(), [3, 3], null, seed)[seed % 9]!);
    expect(Math.abs(mean(elements))).toBeLessThan(5 * Math.sqrt(1 / 3 / 4000));
    expect(Math.abs(variance(elements) * 3 - 1)).toBeLessThan(0.1);
    // Rotations and reflections are equally frequent; without the sign rule of the decomposition they are not.
    const positive = Array.from({ length: 2000 }, (_, seed) => {
      const [a = 0, b = 0, c = 0, d = 0] = draw(orthogonal(), [2, 2], null, seed);
      return a * d - b * c > 0 ? 1 : 0;
    }).reduce<number>((total, one) => total + one, 0);
    expect(Math.abs(positive - 1000)).toBeLessThan(5 * Math.sqrt(500));
  });

  it('keeps the length of signals through 50 linear layers', () => {
    const width = 32;
    let signal = Float64Array.from({ length: width }, (_, index) => Math.sin(index + 1));
    const before = Math.hypot(...signal);
    for (let layer = 0; layer < 50; layer++) {
      const kernel = draw(orthogonal(), [width, width], null, 0, `dense${layer}/kernel`);
      signal = signal.map((_, output) => signal.reduce((total, value, input) => total + value * kernel[input * width + output]!, 0));
    }
    expect(Math.hypot(...signal) / before).toBeCloseTo(1, 5);
  });

  it('refuses what is no matrix, and gains that are none', () => {
    for (const shape of [[], [5]] as Shape[]) expect(() => draw(orthogonal(), shape)).toThrow(ShapeError);
    for (const gain of [Number.NaN, Infinity, '1' as never]) expect(() => orthogonal({ gain })).toThrow(ConfigError);
    const empty: Fans = { fanIn: 0, fanOut: 3 };
    expect(draw(orthogonal(), [0, 3], empty)).toEqual(new Float32Array(0));
  });
});
