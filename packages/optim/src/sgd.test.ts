// The update rules of sgd against the same rules written out, and its options.
import { describe, expect, it } from 'vitest';
import { sgd } from './sgd.ts';
import { optimize } from './testing/optimize.ts';
import { gradient, start } from './testing/quadratic.ts';

const rates = [0.1, 0.1, 0.1, 0.01, 0.01];

/** The rule written out: v ← μv + g + λw, w ← w − rate · direction. */
function byHand(options: { momentum: number; nesterov: boolean; weightDecay: number }): number[][] {
  const { momentum, nesterov, weightDecay } = options;
  let w = [...start];
  let velocity = w.map(() => 0);
  return rates.map((rate) => {
    const g = gradient(w).map((value, i) => value + weightDecay * w[i]!);
    velocity = velocity.map((v, i) => momentum * v + g[i]!);
    const direction = nesterov ? g.map((value, i) => value + momentum * velocity[i]!) : velocity;
    w = w.map((value, i) => value - rate * direction[i]!);
    return w;
  });
}

describe('sgd', () => {
  it.each([
    { momentum: 0, nesterov: false, weightDecay: 0 },
    { momentum: 0, nesterov: false, weightDecay: 0.1 },
    { momentum: 0.9, nesterov: false, weightDecay: 0 },
    { momentum: 0.9, nesterov: false, weightDecay: 0.1 },
    { momentum: 0.5, nesterov: true, weightDecay: 0 },
    { momentum: 0.9, nesterov: true, weightDecay: 0.1 },
  ])('follows the rule with a rate that changes: %o', async (options) => {
    const parameters = await optimize(sgd(options), { start, gradient, learningRates: rates });
    const expected = byHand(options);
    parameters.forEach((row, step) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[step]![i]!, 12)));
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
  ])('refuses %o when it is made', (options) => {
    expect(() => sgd(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('refuses an option that it does not have, and guesses', () => {
    expect(() => sgd({ momentun: 0.9 } as object)).toThrow('Did you mean "momentum"?');
  });

  it('is made again from its options', () => {
    const options = { learningRate: 0.5, momentum: 0.9, nesterov: true, weightDecay: 0.25 };
    expect(sgd.rebuild(sgd(options).options, {}).options).toEqual(options);
  });
});
