// silu: its points, from slopes flat to steep.
import { expect, it } from 'vitest';
import { silu } from './silu.ts';
import { activationErrors } from '../testing/activationErrors.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

it.each([
  [{}, 1],
  [{ beta: 1.702 }, 1.702],
  [{ beta: 0 }, 0],
])('has the values and derivatives of its formula with %j', async (options, beta) => {
  expect(
    await activationErrors(
      silu,
      options,
      [-30, -1.25, 0, 0.5, 3].map((x) => {
        const s = sigmoid(beta * x);
        return [x, x * s, s + beta * x * s * sigmoid(-beta * x)];
      }),
    ),
  ).toEqual([]);
});

it('is x far above 0', async () => {
  expect(await activationErrors(silu, {}, [[1e4, 1e4, 1]])).toEqual([]);
});

it('refuses a beta that is no number', () => {
  expect(() => silu({ beta: Infinity })).toThrow(/beta is Infinity/);
});
