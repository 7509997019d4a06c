// thresholdedRelu: its points.
import { expect, it } from 'vitest';
import { activationErrors } from '../testing/activationErrors.ts';
import { thresholdedRelu } from './thresholdedRelu.ts';

it.each([
  [{}, 1],
  [{ threshold: 2.5 }, 2.5],
  [{ threshold: -1 }, -1],
])('has the values and derivatives of its formula with %j', async (options, threshold) => {
  expect(
    await activationErrors(thresholdedRelu, options, [
      [-Infinity, 0, 0],
      [threshold - 0.5, 0, 0],
      [threshold, 0, 0],
      [threshold + 0.5, threshold + 0.5, 1],
      [Infinity, Infinity, 1],
    ]),
  ).toEqual([]);
});

it('refuses a threshold that is no number', () => {
  expect(() => thresholdedRelu({ threshold: Number.NaN })).toThrow(/threshold is NaN/);
  expect(() => thresholdedRelu({ theta: 1 } as never)).toThrow(/Its options are threshold/);
});
