// Figures of hidden layers, against numbers done by hand.
import { ndarray } from '@nn/kit';
import { expect, it } from 'vitest';
import { figuresOf } from './layerStatistics.ts';

it('are mean and deviation of all values, and the part of units that never change', () => {
  const values = ndarray([
    [0, 1, 5],
    [0, 3, 5],
    [0, 2, 5],
  ]);
  const { mean, deviation, dead } = figuresOf(values);
  expect(mean).toBeCloseTo(21 / 9, 12);
  expect(deviation).toBeCloseTo(Math.sqrt((0 + 1 + 25 + 0 + 9 + 25 + 0 + 4 + 25) / 9 - (21 / 9) ** 2), 12);
  expect(dead).toBeCloseTo(2 / 3, 12);
});

it('take a channel of an image for a unit', () => {
  const images = ndarray([
    [
      [
        [0, 0],
        [0, 1],
      ],
    ],
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ]);
  expect(figuresOf(images).dead).toBe(0.5);
});
