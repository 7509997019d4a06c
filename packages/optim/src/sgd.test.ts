// The update rules of sgd against the same rules written out, and its options.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneCycleMomentum } from './oneCycle.ts';
import type { SgdOptions } from './sgd.ts';
import { sgd } from './sgd.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';
import { valueAt } from './testing/valueAt.ts';

const rates = [0.1, 0.1, 0.1, 0.01, 0.01];

type Rule = Required<Omit<SgdOptions, 'learningRate'>>;

/** The rules written out. Outside: v ← μv + (1 − dampening) g, w ← w − rate · direction. Inside: v ← μv − rate · g, w ← w + direction. */
function byHand({ momentum: given, nesterov, dampening, learningRateMode, weightDecay }: Rule): number[][] {
  const inside = learningRateMode === 'inside';
  let w = [...start];
  let velocity = w.map(() => 0);
  return rates.map((rate, index) => {
    const momentum = valueAt(given, index + 1);
    const g = gradient(w).map((value, i) => value + weightDecay * w[i]!);
    const entering = g.map((value) => (inside ? -rate * value : index === 0 ? value : (1 - dampening) * value));
    velocity = velocity.map((v, i) => momentum * v + entering[i]!);
    const direction = nesterov ? entering.map((value, i) => value + momentum * velocity[i]!) : velocity;
    w = w.map((value, i) => (inside ? value + direction[i]! : value - rate * direction[i]!));
    return w;
  });
}

const cycling = oneCycleMomentum({ steps: 5, rise: 0.6, low: 0.5 });
const base: Rule = { momentum: 0, nesterov: false, dampening: 0, learningRateMode: 'outside', weightDecay: 0 };

describe('sgd', () => {
  it.each([
    base,
    { ...base, weightDecay: 0.1 },
    { ...base, momentum: 0.9 },
    { ...base, momentum: 0.9, weightDecay: 0.1 },
    { ...base, momentum: 0.5, nesterov: true },
    { ...base, momentum: 0.9, nesterov: true, weightDecay: 0.1 },
    { ...base, momentum: 0.9, dampening: 0.4 },
    { ...base, momentum: 0.9, learningRateMode: 'inside' as const },
    { ...base, momentum: 0.9, learningRateMode: 'inside' as const, nesterov: true, weightDecay: 0.1 },
    { ...base, momentum: cycling },
    { ...base, momentum: cycling, nesterov: true },
    { ...base, momentum: cycling, learningRateMode: 'inside' as const, nesterov: true },
  ])('follows the rule with a rate that changes: %o', async (options) => {
    const parameters = await optimize(sgd(options), { start, gradient, learningRates: rates });
    const expected = byHand(options);
    parameters.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[step]![i]!, 12)));
  });

  it('has the same steps in both forms as long as the rate does not change', async () => {
    const shares = fc.record({ momentum: fc.integer({ min: 1, max: 15 }).map((part) => part / 16), nesterov: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(shares, fc.integer({ min: 0, max: 16 }), async (options, part) => {
        const steps = { start, gradient, learningRates: Array.from({ length: 5 }, () => part / 64) };
        const outside = await optimize(sgd(options), steps);
        const inside = await optimize(sgd({ ...options, learningRateMode: 'inside' }), steps);
        inside.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(outside[step]![i]!, 10)));
      }),
      { numRuns: 20 },
    );
  });

  it('moves on with the old rate when the rate is inside of the velocity', async () => {
    const drop = { start: [1], gradient: () => [1], learningRates: [0.1, 0] };
    const inside = await optimize(sgd({ momentum: 0.9, learningRateMode: 'inside' }), drop);
    const outside = await optimize(sgd({ momentum: 0.9 }), drop);
    expect(outside[1]).toEqual(outside[0]);
    expect(inside[1]![0]).toBeCloseTo(0.9 - 0.09, 12);
  });

  it('refuses what a schedule of the momentum gives outside of its range, naming the step', () => {
    const { momentum } = sgd({ momentum: (step) => step / 2 }).schedules!;
    expect(momentum!(1)).toBe(0.5);
    expect(() => momentum!(2)).toThrow('sgd: momentum of step 2 is 1; it is a finite number of at least 0 and below 1.');
    expect(sgd({ momentum: 0.9 })).not.toHaveProperty('schedules');
  });

  it('keeps no velocity without momentum', () => {
    const spec = { shape: [2], dtype: 'f32' } as const;
    expect(Object.keys(sgd({ momentum: 0 }).variables(spec))).toEqual([]);
    expect(Object.keys(sgd({ momentum: 0.9 }).variables(spec))).toEqual(['velocity']);
  });

  it.each([
    { learningRate: -1 },
    { learningRate: NaN },
    { learningRate: Infinity },
    { momentum: -0.1 },
    { momentum: 1 },
    { weightDecay: -1 },
    { nesterov: true },
    { dampening: 0.5 },
    { momentum: 0.9, dampening: 0.5, nesterov: true },
    { momentum: 0.9, learningRateMode: 'within' as never },
  ])('refuses %o when it is made', (options) => {
    expect(() => sgd(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('refuses an option that it does not have, and guesses', () => {
    expect(() => sgd({ momentun: 0.9 } as object)).toThrow('Did you mean "momentum"?');
  });

  it('is made again from its options', () => {
    const options = { ...base, learningRate: 0.5, momentum: 0.9, nesterov: true, weightDecay: 0.25 };
    expect(sgd.rebuild(sgd(options).options, {}).options).toEqual(options);
  });
});
