// celu: its points; the gradient at 0 is 1 whatever alpha is, and at 100 it is not Infinity times 0.
import { expect, it } from 'vitest';
import { celu } from './celu.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it.each([
  [{}, 1],
  [{ alpha: 0.25 }, 0.25],
  [{ alpha: 3 }, 3],
])('has the values and derivatives of its formula with %j', async (options, alpha) => {
  expect(
    await activationErrors(celu, options, [
      [-Infinity, -alpha, 0],
      [-1, alpha * Math.expm1(-1 / alpha), Math.exp(-1 / alpha)],
      [0, 0, 1],
      [2, 2, 1],
      [100, 100, 1],
      [1e4, 1e4, 1],
    ]),
  ).toEqual([]);
});

it('refuses an alpha that divides by zero', () => {
  for (const alpha of [0, -1, Number.NaN]) expect(() => celu({ alpha })).toThrow(/celu: alpha is/);
});
