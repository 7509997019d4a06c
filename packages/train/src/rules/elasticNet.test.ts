// Elastic net in both forms: that they are one, how to go from one to the other, and the proximal step of both parts.
import { referenceBackend } from '@nn/backend-reference';
import { run } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { penaltyOf } from '../testing/judge.ts';
import { elasticNet, elasticNetOfLecture, elasticNetWeights } from './elasticNet.ts';
import { l1 } from './l1.ts';
import { l2 } from './l2.ts';

const weight = fc.integer({ min: 0, max: 64 }).map((value) => value / 16);
const weights = fc.array(
  fc.integer({ min: -64, max: 64 }).map((value) => value / 16),
  { minLength: 1, maxLength: 6 },
);

describe('elasticNet', () => {
  it('is λ(β‖W‖² + ‖W‖₁), with the gradient λ(2βW + sign W)', async () => {
    expect(await penaltyOf(elasticNet({ lambda: 2, beta: 0.5 }), [1, -3, 0])).toEqual({ penalty: 2 * (5 + 4), gradient: [4, -8, 0] });
    expect(await penaltyOf(elasticNet({ beta: 1 }), [2])).toEqual({ penalty: 6, gradient: [5] });
  });

  it('is the sum of L1 and L2 with their own weights', async () => {
    await fc.assert(
      fc.asyncProperty(weight, weight, weights, async (one, two, values) => {
        const [both, first, second] = [
          await penaltyOf(elasticNet({ l1: one, l2: two }), values),
          await penaltyOf(l1(one), values),
          await penaltyOf(l2(two), values),
        ];
        expect(both.penalty).toBeCloseTo(first.penalty + second.penalty, 10);
        both.gradient.forEach((value, index) => expect(value).toBeCloseTo(first.gradient[index]! + second.gradient[index]!, 10));
      }),
      { numRuns: 30 },
    );
  });

  it('goes from one form to the other and back', () => {
    expect(elasticNet({ lambda: 4, beta: 0.5 }).options).toMatchObject({ l1: 4, l2: 2 });
    expect(elasticNetOfLecture({ l1: 4, l2: 2 })).toEqual({ lambda: 4, beta: 0.5 });
    fc.assert(
      fc.property(
        weight.filter((lambda) => lambda > 0),
        weight,
        (lambda, beta) => {
          expect(elasticNetOfLecture(elasticNetWeights({ lambda, beta }))).toEqual({ lambda, beta });
        },
      ),
    );
    expect(elasticNetOfLecture({})).toEqual({ lambda: 0, beta: 0 });
    expect(() => elasticNetOfLecture({ l2: 1 })).toThrow('has no β for that');
  });

  it('has a proximal step that is L1’s, shrunk', async () => {
    const { proximal } = elasticNet({ l1: 2, l2: 0.5, proximal: true });
    // |w| − rate · l1, then divided by 1 + 2 · rate · l2
    const after = await run(referenceBackend(), (w, rate) => proximal!(w, rate), [3, -3, 0.5], 0.5);
    expect([...after.data]).toEqual([2 / 1.5, -2 / 1.5, 0]);
  });

  it.each([
    { beta: -1 },
    { lambda: 1 } as never,
    { beta: 1, lambda: NaN },
    { l1: -1 },
    { l2: Infinity },
    { l1: 1, l2: null as never },
    { beta: 1, l1: 1 } as never,
    { l1: 1, proximal: 1 as never },
  ])('refuses %o', (options) => {
    expect(() => elasticNet(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const { options } = elasticNet({ lambda: 4, beta: 0.5, proximal: true });
    expect(elasticNet.rebuild(options, {}).options).toEqual(options);
  });
});
