// elu: its points; the gradient at 100 must not be Infinity times 0, and near 0 no digits may be lost.
import { expect, it } from 'vitest';
import { elu } from './elu.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(elu, {}, [
      [-Infinity, -1, 0],
      [-100, -1, Math.exp(-100)],
      [-1, Math.expm1(-1), Math.exp(-1)],
      [-1e-12, -9.999999999995e-13, 0.999999999999],
      [0, 0, 1],
      [100, 100, 1],
      [1e4, 1e4, 1],
      [Infinity, Infinity, 1],
    ]),
  ).toEqual([]);
});

it('has the values and derivatives of its formula with alpha: 2', async () => {
  expect(
    await activationErrors(elu, { alpha: 2 }, [
      [-1, 2 * Math.expm1(-1), 2 * Math.exp(-1)],
      [0, 0, 2],
      [100, 100, 1],
    ]),
  ).toEqual([]);
});

it('refuses an alpha that is no number', () => {
  expect(() => elu({ alpha: Number.NaN })).toThrow(/elu: alpha is NaN/);
  expect(() => elu({ slope: 1 } as never)).toThrow(/Its options are alpha/);
});
