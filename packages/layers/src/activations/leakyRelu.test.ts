// leakyRelu: its points at two slopes.
import { ConfigError } from '@nn/core';
import { expect, it } from 'vitest';
import { leakyRelu } from './leakyRelu.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(leakyRelu, {}, [
      [-Infinity, -Infinity, 0.01],
      [-2, -0.02, 0.01],
      [0, 0, 0.01],
      [3, 3, 1],
    ]),
  ).toEqual([]);
});

it('has the values and derivatives of its formula with slope: 0.25', async () => {
  expect(
    await activationErrors(leakyRelu, { slope: 0.25 }, [
      [-2, -0.5, 0.25],
      [0, 0, 0.25],
      [3, 3, 1],
    ]),
  ).toEqual([]);
});

it('refuses a slope that is no finite number', () => {
  for (const slope of [Number.NaN, Infinity, 'a' as never]) expect(() => leakyRelu({ slope })).toThrow(ConfigError);
});
