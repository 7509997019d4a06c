// relu6: its points.
import { expect, it } from 'vitest';
import { relu6 } from './relu6.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(relu6, {}, [
      [-Infinity, 0, 0],
      [-1, 0, 0],
      [0, 0, 0],
      [1e-300, 1e-300, 1],
      [5.75, 5.75, 1],
      [6, 6, 0],
      [7, 6, 0],
      [Infinity, 6, 0],
    ]),
  ).toEqual([]);
});
