// selu: its points, and the fixed point that its constants are made for.
import type { Tensor } from '@nn/core';
import { run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { expect, it } from 'vitest';
import { elu } from './elu.ts';
import { leakyRelu } from './leakyRelu.ts';
import { relu } from './relu.ts';
import { selu } from './selu.ts';
import { activationErrors } from '../testing/activationErrors.ts';
import { array } from '../testing/layerRunner.ts';

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

/** E[f(z)] for a standard normal z, by the rectangle rule. */
async function expectation(activation: (x: Tensor) => Tensor, of: (value: number) => number = (value) => value): Promise<number> {
  const step = 1e-3;
  const x = Float64Array.from({ length: 16001 }, (_, index) => -8 + index * step);
  const { data } = await run(referenceBackend(), activation, array(x, [x.length]));
  return x.reduce((total, value, index) => total + of(data[index]!) * Math.exp((-value * value) / 2) * step, 0) / Math.sqrt(2 * Math.PI);
}

it('keeps mean 0 and variance 1 of a standard normal distribution', async () => {
  expect(await expectation(selu)).toBeCloseTo(0, 6);
  expect(await expectation(selu, (value) => value * value)).toBeCloseTo(1, 6);
});

it('has the only alpha for which an ELU keeps the mean; lecture 000 claims it of alpha 1, which is closer than ReLU and no more', async () => {
  expect(await expectation((x) => elu(x, { alpha }))).toBeCloseTo(0, 6);
  expect(await expectation(elu)).toBeCloseTo(0.1605, 4);
  expect(await expectation(leakyRelu)).toBeCloseTo(0.395, 4);
  expect(await expectation(relu)).toBeCloseTo(0.3989, 4);
});
