// mish: its points, by its definition.
import { expect, it } from 'vitest';
import { mish } from './mish.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(
      mish,
      {},
      [-20, -1.25, 0, 0.5, 3].map((x) => {
        const t = Math.tanh(Math.log1p(Math.exp(x)));
        return [x, x * t, t + (x * (1 - t * t)) / (1 + Math.exp(-x))];
      }),
    ),
  ).toEqual([]);
  expect(await activationErrors(mish, {}, [[1e4, 1e4, 1]])).toEqual([]);
});
