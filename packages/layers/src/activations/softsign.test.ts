// softsign: its points; far out the derivative keeps its digits.
import { DTypeError } from '@nn/core';
import { expect, it } from 'vitest';
import { softsign } from './softsign.ts';
import { activationErrors } from '../testing/activationErrors.ts';
import { declare } from '../testing/declare.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(
      softsign,
      {},
      [-1e8, -1e4, -3, -1, -0.25, 0, 1e-9, 0.5, 1, 2, 1e6].map((x) => [x, x / (1 + Math.abs(x)), (1 + Math.abs(x)) ** -2]),
    ),
  ).toEqual([]);
});

it('ends at ±1', async () => {
  expect(
    await activationErrors(softsign, {}, [
      [-Infinity, -1, 0],
      [Infinity, 1, 0],
    ]),
  ).toEqual([]);
});

it('refuses integers, of which it would make integers', () => {
  expect(() => declare(softsign(), [2, 3], 'i32')).toThrow(DTypeError);
});
