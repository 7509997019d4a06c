// flatten: rows of numbers from samples of any shape.
import { ShapeError, build, describe as describeModel } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { flatten } from './flatten.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

describe('flatten', () => {
  it.each([
    [
      [2, 2, 3],
      [2, 6],
    ],
    [
      [2, 6],
      [2, 6],
    ],
    [[12], [12, 1]],
    [
      [0, 2, 3],
      [0, 6],
    ],
  ])('makes of %j %j', async (shape, expected) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const { y } = await applyLayer(flatten(), array(irregular(size), shape));
    expect(y.shape).toEqual(expected);
    expect([...y.data]).toEqual([...irregular(size)]);
  });

  it('has the right gradients', async () => {
    expect(await gradientError(flatten(), array(irregular(8), [2, 2, 2]))).toBeLessThan(1e-6);
  });

  it('is rebuilt from its description', () => {
    expect(describeModel(build({ kind: 'flatten', options: {} }, { flatten }))).toEqual({ kind: 'flatten', options: {} });
  });

  it('refuses a scalar', () => {
    expect(() => declare(flatten(), [])).toThrow(ShapeError);
  });
});
