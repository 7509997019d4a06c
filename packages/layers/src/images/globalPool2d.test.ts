// Global pooling: one number a channel, gradients, and what is refused.
import { DTypeError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { globalAvgPool2d } from './globalAvgPool2d.ts';
import { globalMaxPool2d } from './globalMaxPool2d.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

const image = array([1, 10, 5, -6, -3, 4, 7, 8], [1, 2, 2, 2]);

describe.each([
  ['globalMaxPool2d', globalMaxPool2d(), [7, 10]],
  ['globalAvgPool2d', globalAvgPool2d(), [2.5, 4]],
] as const)('%s', (_name, layer, expected) => {
  it('leaves one number a channel', async () => {
    expect((await applyLayer(layer, image)).y.toArray()).toEqual([expected]);
  });

  it('has the right gradients', async () => {
    expect(await gradientError(layer, array(irregular(100), [2, 5, 5, 2]))).toBeLessThan(1e-6);
  });

  it('refuses what is no image', async () => {
    await expect(applyLayer(layer, array(irregular(4), [2, 2]))).rejects.toThrow(ShapeError);
  });
});

it('has no mean of integers, which would be an integer', () => {
  expect(() => declare(globalAvgPool2d(), [1, 2, 2, 1], 'i32')).toThrow(DTypeError);
  expect(() => declare(globalMaxPool2d(), [1, 2, 2, 1], 'i32')).not.toThrow();
});
