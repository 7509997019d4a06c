// hardSwish: its points.
import { DTypeError } from '@nn/core';
import { expect, it } from 'vitest';
import { hardSwish } from './hardSwish.ts';
import { activationErrors } from '../testing/activationErrors.ts';
import { declare } from '../testing/declare.ts';

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

it('refuses integers, of which it would make integers', () => {
  expect(() => declare(hardSwish(), [2, 3], 'i32')).toThrow(DTypeError);
});
