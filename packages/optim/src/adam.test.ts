// Adam and AdamW against the algorithm written out, with either epsilon and with AMSGrad.
import { describe, expect, it } from 'vitest';
import type { AdamOptions } from './adam.ts';
import { adam, adamW } from './adam.ts';
import { oneCycleMomentum } from './oneCycle.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';
import { valueAt } from './testing/valueAt.ts';

const rates = [0.1, 0.1, 0.1, 0.01, 0.01];

/** Algorithm 1 of the paper, written out, with either kind of weight decay. */
function byHand(options: Required<Omit<AdamOptions, 'learningRate'>>, decoupled: boolean): number[][] {
  const { beta2, epsilon, epsilonHat, amsgrad, weightDecay } = options;
  let w = [...start];
  let m = w.map(() => 0);
  let v = w.map(() => 0);
  let largest = w.map(() => 0);
  return rates.map((rate, index) => {
    const step = index + 1;
    const beta1 = valueAt(options.beta1, step);
    const g = gradient(w).map((value, i) => (decoupled ? value : value + weightDecay * w[i]!));
    m = m.map((value, i) => beta1 * value + (1 - beta1) * g[i]!);
    v = v.map((value, i) => beta2 * value + (1 - beta2) * g[i]! ** 2);
    largest = v.map((value, i) => (amsgrad ? Math.max(largest[i]!, value) : value));
    w = w.map((value, i) => {
      const unbiasedMean = m[i]! / (1 - beta1 ** step);
      const correction = Math.sqrt(1 - beta2 ** step);
      const decayed = decoupled ? value * (1 - rate * weightDecay) : value;
      const divisor = epsilonHat ? (Math.sqrt(largest[i]!) + epsilon) / correction : Math.sqrt(largest[i]!) / correction + epsilon;
      return decayed - (rate * unbiasedMean) / divisor;
    });
    return w;
  });
}

const base = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonHat: false, amsgrad: false, weightDecay: 0 };

const configurations = [
  base,
  { ...base, weightDecay: 0.1 },
  { ...base, beta1: 0, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.01 },
  { ...base, beta1: 0.5, beta2: 0, epsilon: 1e-3 },
  { ...base, epsilon: 1e-2, epsilonHat: true },
  { ...base, beta2: 0.5, amsgrad: true, weightDecay: 0.1 },
  { ...base, beta1: oneCycleMomentum({ steps: 5, rise: 0.6, low: 0.5 }) },
  { ...base, beta1: (step: number) => 0.9 / step - 0.18 },
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
    const options = { learningRate: 0.5, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, epsilonHat: true, amsgrad: true, weightDecay: 0.25 };
    expect(make.rebuild(make(options).options, {}).options).toEqual(options);
  });
});

it('decays by default in adamW only', () => {
  expect(adam().options['weightDecay']).toBe(0);
  expect(adamW().options['weightDecay']).toBe(0.01);
});
