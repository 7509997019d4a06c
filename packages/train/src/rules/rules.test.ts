// How rules combine, which mistakes they refuse, and the penalty of l2.
import { referenceBackend } from '@nn/backend-reference';
import type { Constraint, Rule } from '@nn/core';
import { run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { penaltyOf } from '../testing/judge.ts';
import { l2 } from './l2.ts';
import { resolveRules } from './rules.ts';

const paths = ['dense1/kernel', 'dense1/bias', 'block/dense2/kernel'];
const constraint: Constraint = { kind: 'none', options: {}, apply: (parameter) => parameter };

describe('resolveRules', () => {
  it('combines all rules that match a path', () => {
    const [small, large] = [l2(0.1), l2(1)];
    const rules = resolveRules(
      [
        { match: '**/kernel', regularizer: small, learningRate: 0.5 },
        { match: 'dense1/*', learningRate: 0.1, constraint },
        { match: 'block/**', frozen: true },
        { match: 'dense1/kernel', regularizer: large },
      ],
      paths,
    );
    expect(rules.get('dense1/kernel')).toEqual({
      regularizers: [small, large],
      constraints: [constraint],
      learningRate: 0.05,
      frozen: false,
    });
    expect(rules.get('dense1/bias')).toEqual({ regularizers: [], constraints: [constraint], learningRate: 0.1, frozen: false });
    expect(rules.get('block/dense2/kernel')).toEqual({ regularizers: [small], constraints: [], learningRate: 0.5, frozen: true });
  });

  it('refuses a rule that matches nothing and lists what there is', () => {
    expect(() => resolveRules([{ match: '**/weight', frozen: true }], paths)).toThrow('dense1/kernel, dense1/bias, block/dense2/kernel');
  });

  it.each<[unknown, RegExp]>([
    [null, /^rules\[0\] takes its options as an object, not null/],
    [{ match: '**', weightDecay: 0.1 }, /^rules\[0\] has no option "weightDecay"\. It belongs to the optimizer/],
    [{ match: '**', regulariser: l2(1) }, /Did you mean "regularizer"\?/],
    [{ match: '**', regularizer: 0.1 }, /^rules\[0\]: regularizer is 0\.1; it is a regularizer/],
    [{ match: '**', regularizer: l2 }, /Call the factory: l2\(…\)/],
    [{ match: '**', constraint: null }, /^rules\[0\]: constraint is null; it is a constraint/],
    [{ match: '**', frozen: 'yes' }, /^rules\[0\]: frozen is 'yes'; it is true or false/],
    [{ frozen: true }, /undefined is no glob over paths/],
  ])('refuses what is no rule: %o', (rule, message) => {
    expect(() => resolveRules([rule as Rule], paths)).toThrow(message);
  });

  it.each([-1, NaN, Infinity])('refuses the rate factor %d', (learningRate) => {
    expect(() => resolveRules([{ match: '**', learningRate }], paths)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});

describe('l2', () => {
  it('is lambda times the sum of the squares, without a half', async () => {
    expect(
      (
        await run(referenceBackend(), (w) => l2(0.5).penalty(w), [
          [1, -2],
          [3, 0],
        ])
      ).item(),
    ).toBe(7);
  });

  it('has the gradient 2λW, which weight decay of the same strength does not have', async () => {
    expect((await penaltyOf(l2(0.5), [1, -2, 3, 0])).gradient).toEqual([1, -2, 3, 0]);
    expect((await penaltyOf(l2(2), [1, -2])).gradient).toEqual([4, -8]);
  });

  it.each([-1, NaN, Infinity])('refuses the lambda %d', (lambda) => {
    expect(() => l2(lambda)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});
