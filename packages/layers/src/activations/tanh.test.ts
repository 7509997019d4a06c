// tanh: its points, both tails included.
import { expect, it } from 'vitest';
import { tanh } from './tanh.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(tanh, {}, [
      [-Infinity, -1, 0],
      [-1, Math.tanh(-1), 1 - Math.tanh(1) ** 2],
      [0, 0, 1],
      [1e-9, 1e-9, 1],
      [1e4, 1, 0],
    ]),
  ).toEqual([]);
});
