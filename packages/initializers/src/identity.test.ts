// The diagonal of dense kernels, the middle of convolutions, groups.
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { fansOf } from './fans.ts';
import { identity } from './identity.ts';
import { draw } from './testing/sampling.ts';

/** Places of the elements that are not 0. */
const places = (values: Float32Array): number[] => Array.from(values.keys()).filter((index) => values[index] !== 0);

describe('identity', () => {
  it('has the gain on the diagonal, in rectangles too', () => {
    expect(draw(identity(), [2, 2])).toEqual(Float32Array.of(1, 0, 0, 1));
    expect(draw(identity({ gain: -0.5 }), [2, 3])).toEqual(Float32Array.of(-0.5, 0, 0, 0, -0.5, 0));
    expect(draw(identity(), [3, 2])).toEqual(Float32Array.of(1, 0, 0, 1, 0, 0));
  });

  it('is the middle cell of a window; of an even number the first of the two', () => {
    expect(places(draw(identity(), [3, 3, 2, 2], fansOf([3, 3, 2, 2])))).toEqual([16, 19]);
    expect(places(draw(identity(), [2, 4, 1, 1], fansOf([2, 4, 1, 1])))).toEqual([1]);
    expect(places(draw(identity(), [5, 1, 1], fansOf([5, 1, 1])))).toEqual([2]);
  });

  it('hands on each group', () => {
    const shape = [1, 1, 2, 4];
    expect(places(draw(identity(), shape, fansOf(shape, { groups: 2 })))).toEqual([0, 2, 5, 7]);
    expect(places(draw(identity(), [3, 1, 1, 3], fansOf([3, 1, 1, 3], { groups: 3 })))).toEqual([3, 4, 5]);
  });

  it('refuses what is no kernel, and gains that are none', () => {
    expect(() => draw(identity(), [3])).toThrow(ShapeError);
    expect(() => identity({ gain: Infinity })).toThrow(ConfigError);
    expect(() => identity({ scale: 2 } as never)).toThrow(/Its options are gain/);
  });
});
