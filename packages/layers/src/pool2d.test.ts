// Pooling: values by hand, ties, NaN, padding, gradients, and what is refused.
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d } from './pool2d.ts';
import { gradientError, irregular } from './testing/gradientCheck.ts';
import { applyLayer, array } from './testing/layerRunner.ts';

const image = array([1, 2, 5, 6, 3, 4, 7, 8, -1, -2, -5, -6, -3, -4, -7, -8], [1, 4, 4, 1]);

describe('maxPool2d', () => {
  it('takes the largest under each window', async () => {
    expect([...(await applyLayer(maxPool2d(), image)).y.data]).toEqual([4, 8, -1, -5]);
    expect((await applyLayer(maxPool2d({ window: 3, strides: 1 }), image)).y.shape).toEqual([1, 2, 2, 1]);
  });

  it('gives the gradient to the first of equal elements', async () => {
    const { gradients } = await applyLayer(maxPool2d(), array([0, 0, 0, 0], [1, 2, 2, 1]), { upstream: () => Float64Array.of(5) });
    expect([...gradients['x']!.data]).toEqual([5, 0, 0, 0]);
  });

  it('finds a maximum below zero, and padding never wins', async () => {
    const { y, gradients } = await applyLayer(
      maxPool2d({
        window: 2,
        padding: [
          [1, 0],
          [0, 0],
        ],
      }),
      array([-3, -4], [1, 1, 2, 1]),
      { upstream: () => Float64Array.of(1) },
    );
    expect([...y.data]).toEqual([-3]);
    expect([...gradients['x']!.data]).toEqual([1, 0]);
  });

  it('lets NaN through', async () => {
    expect((await applyLayer(maxPool2d(), array([1, Number.NaN, 3, 2], [1, 2, 2, 1]))).y.item()).toBeNaN();
  });
});

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
});

describe('global pooling', () => {
  it('leaves one number a channel', async () => {
    expect((await applyLayer(globalMaxPool2d(), image)).y.toArray()).toEqual([[8]]);
    expect((await applyLayer(globalAvgPool2d(), image)).y.toArray()).toEqual([[0]]);
  });
});

describe('every pooling', () => {
  it.each([
    ['maxPool2d', maxPool2d()],
    ['overlapping maxPool2d', maxPool2d({ window: 3, strides: 2, padding: 'same' })],
    ['avgPool2d', avgPool2d({ window: [2, 3], strides: 1, padding: 1 })],
    ['globalMaxPool2d', globalMaxPool2d()],
    ['globalAvgPool2d', globalAvgPool2d()],
  ])('%s has the right gradients', async (_name, layer) => {
    expect(await gradientError(layer, array(irregular(100), [2, 5, 5, 2]))).toBeLessThan(1e-6);
  });

  it('refuses what is no image, and windows in the padding alone', async () => {
    await expect(applyLayer(maxPool2d(), array(irregular(4), [2, 2]))).rejects.toThrow(ShapeError);
    await expect(applyLayer(maxPool2d({ window: 2, padding: 2 }), image)).rejects.toThrow(/the padding alone/);
    expect(() => avgPool2d({ countPadding: 1 as never })).toThrow(ConfigError);
    expect(() => maxPool2d({ window: [2] as never })).toThrow(/\[rows, columns\]/);
  });
});
