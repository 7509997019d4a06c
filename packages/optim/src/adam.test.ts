// Adam and AdamW against the algorithm written out; and what holds for every optimizer: no gradient or no rate, no change.
import type { Optimizer } from '@nn/core';
import { describe, expect, it } from 'vitest';
import type { AdamOptions } from './adam.ts';
import { adam, adamW } from './adam.ts';
import { sgd } from './sgd.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';

const rates = [0.1, 0.1, 0.1, 0.01, 0.01];

/** Algorithm 1 of the paper, written out, with either kind of weight decay. */
function byHand(options: Required<Omit<AdamOptions, 'learningRate'>>, decoupled: boolean): number[][] {
  const { beta1, beta2, epsilon, weightDecay } = options;
  let w = [...start];
  let m = w.map(() => 0);
  let v = w.map(() => 0);
  return rates.map((rate, index) => {
    const step = index + 1;
    const g = gradient(w).map((value, i) => (decoupled ? value : value + weightDecay * w[i]!));
    m = m.map((value, i) => beta1 * value + (1 - beta1) * g[i]!);
    v = v.map((value, i) => beta2 * value + (1 - beta2) * g[i]! ** 2);
    w = w.map((value, i) => {
      const unbiasedMean = m[i]! / (1 - beta1 ** step);
      const unbiasedSquare = v[i]! / (1 - beta2 ** step);
      const decayed = decoupled ? value * (1 - rate * weightDecay) : value;
      return decayed - (rate * unbiasedMean) / (Math.sqrt(unbiasedSquare) + epsilon);
    });
    return w;
  });
}

const configurations = [
  { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  { beta1: 0, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.01 },
  { beta1: 0.5, beta2: 0, epsilon: 1e-3, weightDecay: 0 },
];

describe.each([
  { make: adam, decoupled: false },
  { make: adamW, decoupled: true },
])('$make.kind', ({ make, decoupled }) => {
  it.each(configurations)('follows the algorithm with a rate that changes: %o', async (options) => {
    const parameters = await optimize(make(options), { start, gradient, learningRates: rates });
    const expected = byHand(options, decoupled);
    parameters.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[step]![i]!, 11)));
  });

  it.each([
    { learningRate: -1 },
    { learningRate: NaN },
    { beta1: 1 },
    { beta2: 1.5 },
    { beta1: -0.1 },
    { epsilon: 0 },
    { weightDecay: Infinity },
  ])('refuses %o when it is made', (options) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const options = { learningRate: 0.5, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.25 };
    expect(make.rebuild(make(options).options, {}).options).toEqual(options);
  });
});

it('decays by default in adamW only', () => {
  expect(adam().options['weightDecay']).toBe(0);
  expect(adamW().options['weightDecay']).toBe(0.01);
});

const optimizers: readonly [string, Optimizer][] = [
  ['sgd', sgd()],
  ['momentum', sgd({ momentum: 0.9 })],
  ['nesterov', sgd({ momentum: 0.9, nesterov: true })],
  ['adam', adam()],
  ['adamW without decay', adamW({ weightDecay: 0 })],
];

describe.each(optimizers)('%s leaves parameters as they are, to the last bit,', (_, optimizer) => {
  it('where the gradient is zero', async () => {
    const parameters = await optimize(optimizer, { start, gradient: () => [0, 0], learningRates: [0.1, 0.1, 0.1] });
    expect(parameters).toEqual([start, start, start]);
  });

  it('where the learning rate is zero', async () => {
    const parameters = await optimize(optimizer, { start, gradient, learningRates: [0, 0] });
    expect(parameters).toEqual([start, start]);
  });
});
