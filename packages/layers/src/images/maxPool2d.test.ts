// maxPool2d: values by hand, ties, NaN, padding, ceil mode, dilation, gradients, and what is refused.
import { ConfigError, ShapeError, build, describe as describeModel } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { maxPool2d } from './maxPool2d.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

const image = array([1, 2, 5, 6, 3, 4, 7, 8, -1, -2, -5, -6, -3, -4, -7, -8], [1, 4, 4, 1]);

describe('maxPool2d', () => {
  it('takes the largest under each window', async () => {
    expect([...(await applyLayer(maxPool2d(), image)).y.data]).toEqual([4, 8, -1, -5]);
    expect((await applyLayer(maxPool2d({ window: 3, strides: 1 }), image)).y.shape).toEqual([1, 2, 2, 1]);
  });

  it('takes windows and strides that differ by axis', async () => {
    expect([...(await applyLayer(maxPool2d({ window: [1, 4] }), image)).y.data]).toEqual([6, 8, -1, -3]);
    expect([...(await applyLayer(maxPool2d({ window: [4, 1], strides: [1, 3] }), image)).y.data]).toEqual([3, 8]);
  });

  it('gives the gradient to the first of equal elements', async () => {
    const { gradients } = await applyLayer(maxPool2d(), array([0, 0, 0, 0], [1, 2, 2, 1]), { upstream: () => Float64Array.of(5) });
    expect([...gradients['x']!.data]).toEqual([5, 0, 0, 0]);
  });

  it('finds a maximum below zero, and padding never wins', async () => {
    const padding = [
      [1, 0],
      [0, 0],
    ] as const;
    const { y, gradients } = await applyLayer(maxPool2d({ window: 2, padding }), array([-3, -4], [1, 1, 2, 1]), {
      upstream: () => Float64Array.of(1),
    });
    expect([...y.data]).toEqual([-3]);
    expect([...gradients['x']!.data]).toEqual([1, 0]);
  });

  it('lets NaN through', async () => {
    expect((await applyLayer(maxPool2d(), array([1, Number.NaN, 3, 2], [1, 2, 2, 1]))).y.item()).toBeNaN();
  });

  it('in ceil mode takes the last window where a part of it is over the image, but none behind it', async () => {
    const row = array([1, 2, 3, 4, 9], [1, 1, 5, 1]);
    expect([...(await applyLayer(maxPool2d({ window: [1, 2] }), row)).y.data]).toEqual([2, 4]);
    expect([...(await applyLayer(maxPool2d({ window: [1, 2], ceilMode: true }), row)).y.data]).toEqual([2, 4, 9]);
    // A third window of [1, 2] with strides of 3 and padding of 1 would begin behind the five elements.
    const padding = [
      [0, 0],
      [1, 1],
    ] as const;
    expect([...(await applyLayer(maxPool2d({ window: [1, 2], strides: [1, 3], padding, ceilMode: true }), row)).y.data]).toEqual([1, 4]);
  });

  it('skips elements between the cells of a dilated window', async () => {
    const row = array([1, 9, 2, 8, 3], [1, 1, 5, 1]);
    expect([...(await applyLayer(maxPool2d({ window: [1, 2], strides: 1, dilations: 2 }), row)).y.data]).toEqual([2, 9, 3]);
  });

  it.each([
    {},
    { window: 3, strides: 2, padding: 'same' },
    { window: [2, 3], strides: [1, 2], ceilMode: true },
    { window: 2, dilations: [2, 1], strides: 1 },
  ] as const)('has the right gradients with %j', async (options) => {
    expect(await gradientError(maxPool2d(options), array(irregular(100), [2, 5, 5, 2]))).toBeLessThan(1e-6);
  });

  it('is rebuilt with its options, which nobody changes', () => {
    const padding: [[number, number], [number, number]] = [
      [0, 1],
      [1, 0],
    ];
    const layer = maxPool2d({ window: [2, 3], padding, ceilMode: true });
    padding[0][1] = 7;
    const expected = {
      window: [2, 3],
      strides: [2, 3],
      padding: [
        [0, 1],
        [1, 0],
      ],
      dilations: 1,
      ceilMode: true,
    };
    expect(layer.options).toEqual(expected);
    expect(build(describeModel(layer), { maxPool2d }).options).toEqual(expected);
  });

  it('refuses what is no image, and windows in the padding alone, also between the cells of a dilated one', async () => {
    await expect(applyLayer(maxPool2d(), array(irregular(4), [2, 2]))).rejects.toThrow(ShapeError);
    await expect(applyLayer(maxPool2d({ window: 2, padding: 2 }), image)).rejects.toThrow(
      /window 0 of 2 cells would lie in the padding alone/,
    );
    const dilated = maxPool2d({
      window: [1, 2],
      dilations: [1, 2],
      padding: [
        [0, 0],
        [1, 1],
      ],
    });
    await expect(applyLayer(dilated, array([5], [1, 1, 1, 1]))).rejects.toThrow(/the padding alone/);
  });

  it('refuses options out of range', () => {
    expect(() => maxPool2d({ window: [2] as never })).toThrow(/\[rows, columns\]/);
    expect(() => maxPool2d({ strides: 0 })).toThrow(ConfigError);
    expect(() => maxPool2d({ dilations: 0.5 })).toThrow(ConfigError);
    expect(() => maxPool2d({ ceilMode: 1 as never })).toThrow(/ceilMode is 1/);
    expect(() => maxPool2d({ poolSize: 2 } as never)).toThrow(/Give window/);
  });
});
