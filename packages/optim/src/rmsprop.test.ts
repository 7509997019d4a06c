// The update rules of rmsprop against the same rules written out, and its options.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { oneCycleMomentum } from './oneCycle.ts';
import type { RmspropOptions } from './rmsprop.ts';
import { rmsprop } from './rmsprop.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';
import { valueAt } from './testing/valueAt.ts';

const rates = [0.1, 0.1, 0.1, 0.01, 0.01];

type Rule = Required<Omit<RmspropOptions, 'learningRate'>>;

const base: Rule = {
  decay: 0.9,
  epsilon: 1e-3,
  epsilonMode: 'outside',
  momentum: 0,
  learningRateMode: 'outside',
  centered: false,
  weightDecay: 0,
};

function byHand({ decay, epsilon, epsilonMode, momentum, learningRateMode, centered, weightDecay }: Rule): number[][] {
  let w = [...start];
  let [squares, mean, velocity] = [w, w, w].map((values) => values.map(() => 0)) as [number[], number[], number[]];
  return rates.map((rate, index) => {
    const g = gradient(w).map((value, i) => value + weightDecay * w[i]!);
    squares = squares.map((value, i) => decay * value + (1 - decay) * g[i]! ** 2);
    mean = mean.map((value, i) => decay * value + (1 - decay) * g[i]!);
    const direction = g.map((value, i) => {
      const spread = squares[i]! - (centered ? mean[i]! ** 2 : 0);
      return value / (epsilonMode === 'inside' ? Math.sqrt(spread + epsilon) : Math.sqrt(spread) + epsilon);
    });
    const inside = learningRateMode === 'inside';
    velocity = velocity.map((value, i) => valueAt(momentum, index + 1) * value + (inside ? rate : 1) * direction[i]!);
    w = w.map((value, i) => value - (inside ? 1 : rate) * velocity[i]!);
    return w;
  });
}

describe('rmsprop', () => {
  it.each([
    base,
    { ...base, epsilonMode: 'inside' as const },
    { ...base, centered: true },
    { ...base, centered: true, epsilonMode: 'inside' as const, momentum: 0.5 },
    { ...base, momentum: 0.9, weightDecay: 0.1 },
    { ...base, momentum: 0.9, learningRateMode: 'inside' as const },
    { ...base, momentum: oneCycleMomentum({ steps: 5, rise: 0.6, low: 0.5 }) },
    { ...base, decay: 0 },
  ])('follows the rule with a rate that changes: %o', async (options) => {
    const parameters = await optimize(rmsprop(options), { start, gradient, learningRates: rates });
    const expected = byHand(options);
    parameters.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[step]![i]!, 11)));
  });

  it.each([rmsprop({ epsilon: 1e-30 }), adagrad({ epsilon: 1e-30 }), adam({ epsilon: 1e-30 })])(
    'takes the same steps when all gradients are multiplied by a number: %o',
    async (optimizer) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: -10, max: 10 }), async (power) => {
          const steps = (factor: number) =>
            optimize(optimizer, { start, gradient: () => [3 * factor, -0.5 * factor], learningRates: [0.1, 0.1, 0.05] });
          const [plain, scaled] = [await steps(1), await steps(2 ** power)];
          scaled.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(plain[step]![i]!, 10)));
        }),
        { numRuns: 10 },
      );
    },
  );

  it('stays finite when all gradients are alike, where rounding makes the centered variance negative', async () => {
    const parameters = await optimize(rmsprop({ centered: true, decay: 0 }), {
      start,
      gradient: () => [0.1, 1e8 / 3],
      learningRates: [1e-9, 1e-9, 1e-9],
    });
    expect(parameters.flat().every(Number.isFinite)).toBe(true);
  });

  it('keeps only the slots that it needs', () => {
    const spec = { shape: [2], dtype: 'f32' } as const;
    expect(Object.keys(rmsprop().variables(spec))).toEqual(['meanSquare']);
    expect(Object.keys(rmsprop({ centered: true, momentum: 0.9 }).variables(spec))).toEqual(['meanSquare', 'mean', 'velocity']);
  });

  it.each([{ decay: 1 }, { decay: -0.1 }, { epsilon: 0 }, { momentum: 1 }, { weightDecay: NaN }, { learningRate: -1 }])(
    'refuses %o when it is made',
    (options) => {
      expect(() => rmsprop(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    },
  );

  it("knows the names that other libraries have for 'decay'", () => {
    expect(() => rmsprop({ rho: 0.9 } as object)).toThrow('Give decay.');
  });

  it('is made again from its options', () => {
    const options: RmspropOptions = { learningRate: 0.5, ...base, centered: true, momentum: 0.25 };
    expect(rmsprop.rebuild(rmsprop(options).options, {}).options).toEqual(options);
  });
});
