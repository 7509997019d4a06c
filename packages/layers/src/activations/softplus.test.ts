// softplus: its points; no overflow above, no digits lost below.
import { expect, it } from 'vitest';
import { softplus } from './softplus.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it.each([
  [{}, 1],
  [{ beta: 4 }, 4],
  [{ beta: 0.5 }, 0.5],
])('has the values and derivatives of its formula with %j', async (options, beta) => {
  expect(
    await activationErrors(softplus, options, [
      [-1e4, 0, 0],
      [-40 / beta, Math.exp(-40) / beta, Math.exp(-40)],
      [-1, Math.log1p(Math.exp(-beta)) / beta, 1 / (1 + Math.exp(beta))],
      [0, Math.LN2 / beta, 0.5],
      [2, Math.log1p(Math.exp(2 * beta)) / beta, 1 / (1 + Math.exp(-2 * beta))],
      [1e4, 1e4, 1],
      [Infinity, Infinity, 1],
    ]),
  ).toEqual([]);
});

it('refuses a beta that divides by zero', () => {
  for (const beta of [0, -1]) expect(() => softplus({ beta })).toThrow(/softplus: beta is/);
});
