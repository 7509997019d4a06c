// hardSwish: its points.
import { expect, it } from 'vitest';
import { hardSwish } from './hardSwish.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(hardSwish, {}, [
      [-Infinity, 0, 0],
      [-3, 0, 0],
      [-1.5, -0.375, 0],
      [-1, -1 / 3, 1 / 6],
      [0, 0, 0.5],
      [2, 5 / 3, 7 / 6],
      [3, 3, 1],
      [1e4, 1e4, 1],
      [Infinity, Infinity, 1],
    ]),
  ).toEqual([]);
});
