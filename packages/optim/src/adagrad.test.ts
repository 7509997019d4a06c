// The update rule of adagrad against the same rule written out, and its options.
import { describe, expect, it } from 'vitest';
import type { AdagradOptions } from './adagrad.ts';
import { adagrad } from './adagrad.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';

const rates = [0.5, 0.5, 0.5, 0.05, 0.05];

type Rule = Required<Omit<AdagradOptions, 'learningRate'>>;

const base: Rule = { learningRateDecay: 0, initialAccumulator: 0, epsilon: 1e-10, epsilonMode: 'outside', weightDecay: 0 };

function byHand({ learningRateDecay, initialAccumulator, epsilon, epsilonMode, weightDecay }: Rule): number[][] {
  let w = [...start];
  let squares = w.map(() => initialAccumulator);
  return rates.map((rate, index) => {
    const g = gradient(w).map((value, i) => value + weightDecay * w[i]!);
    squares = squares.map((value, i) => value + g[i]! ** 2);
    w = w.map((value, i) => {
      const divisor = epsilonMode === 'inside' ? Math.sqrt(squares[i]! + epsilon) : Math.sqrt(squares[i]!) + epsilon;
      return value - ((rate / (1 + index * learningRateDecay)) * g[i]!) / divisor;
    });
    return w;
  });
}

describe('adagrad', () => {
  it.each([
    base,
    { ...base, epsilon: 0.1, epsilonMode: 'inside' as const },
    { ...base, initialAccumulator: 0.125, weightDecay: 0.1 },
    { ...base, learningRateDecay: 0.5 },
  ])('follows the rule with a rate that changes: %o', async (options) => {
    const parameters = await optimize(adagrad(options), { start, gradient, learningRates: rates });
    const expected = byHand(options);
    parameters.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[step]![i]!, 11)));
  });

  it.each([{ learningRateDecay: -1 }, { initialAccumulator: -0.1 }, { epsilon: 0 }, { weightDecay: NaN }, { learningRate: Infinity }])(
    'refuses %o when it is made',
    (options) => {
      expect(() => adagrad(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    },
  );

  it('is made again from its options', () => {
    const options = { learningRate: 0.5, ...base, initialAccumulator: 0.25 };
    expect(adagrad.rebuild(adagrad(options).options, {}).options).toEqual(options);
  });
});
