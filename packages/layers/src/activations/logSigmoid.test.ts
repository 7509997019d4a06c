// logSigmoid: its points; no overflow on either side.
import { expect, it } from 'vitest';
import { logSigmoid } from './logSigmoid.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(logSigmoid, {}, [
      [-Infinity, -Infinity, 1],
      [-1e4, -1e4, 1],
      [-2, -Math.log1p(Math.exp(2)), 1 / (1 + Math.exp(-2))],
      [0, -Math.LN2, 0.5],
      [3, -Math.log1p(Math.exp(-3)), 1 / (1 + Math.exp(3))],
      [40, -Math.exp(-40), Math.exp(-40)],
      [1e4, 0, 0],
    ]),
  ).toEqual([]);
});
