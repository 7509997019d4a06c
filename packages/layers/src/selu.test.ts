// selu: its points, and the fixed point that its constants are made for.
import { run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { expect, it } from 'vitest';
import { selu } from './selu.ts';
import { activationErrors } from './testing/activationErrors.ts';
import { array } from './testing/layerRunner.ts';

const alpha = 1.6732632423543772;
const lambda = 1.0507009873554805;

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(selu, {}, [
      [-Infinity, -lambda * alpha, 0],
      [-1, lambda * alpha * Math.expm1(-1), lambda * alpha * Math.exp(-1)],
      [0, 0, lambda * alpha],
      [1, lambda, lambda],
      [100, 100 * lambda, lambda],
    ]),
  ).toEqual([]);
});

it('keeps mean 0 and variance 1 of a standard normal distribution', async () => {
  const step = 1e-3;
  const x = Float64Array.from({ length: 16001 }, (_, index) => -8 + index * step);
  const { data } = await run(referenceBackend(), selu, array(x, [x.length]));
  const expectation = (of: (value: number) => number): number =>
    x.reduce((total, value, index) => total + of(data[index]!) * Math.exp((-value * value) / 2) * step, 0) / Math.sqrt(2 * Math.PI);
  expect(expectation((value) => value)).toBeCloseTo(0, 6);
  expect(expectation((value) => value * value)).toBeCloseTo(1, 6);
});
