// sigmoid: its points, both tails included.
import { expect, it } from 'vitest';
import { sigmoid } from './sigmoid.ts';
import { activationErrors } from '../testing/activationErrors.ts';

const half = 1 / (1 + Math.exp(-0.5));
const low = Math.exp(-50) / (1 + Math.exp(-50));

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(sigmoid, {}, [
      [-Infinity, 0, 0],
      [-1e4, 0, 0],
      [-50, low, low * (1 - low)],
      [0, 0.5, 0.25],
      [0.5, half, half * (1 - half)],
      [1e4, 1, 0],
      [Infinity, 1, 0],
    ]),
  ).toEqual([]);
});
