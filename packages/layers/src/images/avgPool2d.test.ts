// avgPool2d: values by hand, what counts, ceil mode, gradients, and what is refused.
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { avgPool2d } from './avgPool2d.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

const image = array([1, 2, 5, 6, 3, 4, 7, 8, -1, -2, -5, -6, -3, -4, -7, -8], [1, 4, 4, 1]);

describe('avgPool2d', () => {
  it('takes the mean under each window', async () => {
    expect([...(await applyLayer(avgPool2d(), image)).y.data]).toEqual([2.5, 6.5, -2.5, -6.5]);
  });

  it.each([
    [false, [1, 1, 1, 1]],
    [true, [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
  ])('with countPadding %s divides by what counts', async (countPadding, expected) => {
    const layer = avgPool2d({ window: 2, strides: 2, padding: 1, countPadding });
    expect([...(await applyLayer(layer, array([1, 1, 1, 1], [1, 2, 2, 1]))).y.data]).toEqual(expected);
  });

  it('in ceil mode divides the last window by what is under it, padding only where it counts', async () => {
    const row = array([2, 4, 6, 8, 10], [1, 1, 5, 1]);
    expect([...(await applyLayer(avgPool2d({ window: [1, 2], ceilMode: true }), row)).y.data]).toEqual([3, 7, 10]);
    const padding = [
      [0, 0],
      [1, 1],
    ] as const;
    const padded = (countPadding: boolean) => avgPool2d({ window: [1, 2], strides: [1, 3], padding, ceilMode: true, countPadding });
    // Windows over [0 2] and [6 8]; a third would begin behind the elements.
    expect([...(await applyLayer(padded(true), row)).y.data]).toEqual([1, 7]);
    expect([...(await applyLayer(padded(false), row)).y.data]).toEqual([2, 7]);
  });

  it.each([
    {},
    { window: [2, 3], strides: 1, padding: 1 },
    { window: [2, 3], strides: 1, padding: 1, countPadding: true },
    { window: 3, strides: 2, padding: 'same' },
    { window: 2, strides: [2, 3], ceilMode: true },
    { window: 2, dilations: 2, strides: 1 },
  ] as const)('has the right gradients with %j', async (options) => {
    expect(await gradientError(avgPool2d(options), array(irregular(100), [2, 5, 5, 2]))).toBeLessThan(1e-6);
  });

  it('refuses what is no image, windows in the padding alone, and flags that are none', async () => {
    await expect(applyLayer(avgPool2d(), array(irregular(4), [2, 2]))).rejects.toThrow(ShapeError);
    await expect(applyLayer(avgPool2d({ window: 2, padding: 2 }), image)).rejects.toThrow(/the padding alone/);
    expect(() => avgPool2d({ countPadding: 1 as never })).toThrow(ConfigError);
    expect(() => avgPool2d({ countIncludePad: true } as never)).toThrow(/Give countPadding/);
  });
});
