// L1: the penalty, its subgradient at 0, and the proximal step, which makes weights exactly 0.
import { run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { penaltyOf } from '../testing/judge.ts';
import { l1 } from './l1.ts';
import { sparsity } from './sparsity.ts';

const backend = referenceBackend();

const pulled = async (weights: number[], { lambda, rate }: { lambda: number; rate: number }): Promise<number[]> => {
  const { proximal } = l1(lambda, { proximal: true });
  return [...(await run(backend, (w, r) => proximal!(w, r), weights, rate)).data];
};

describe('l1', () => {
  it('is lambda times the magnitudes, with the gradient 0 at 0', async () => {
    expect(await penaltyOf(l1(0.5), [1, -2, 0, -0])).toEqual({ penalty: 1.5, gradient: [0.5, -0.5, 0, -0] });
  });

  it('has a proximal step only when asked for', () => {
    expect(l1(0.5).proximal).toBeUndefined();
    expect(l1(0.5, { proximal: true }).proximal).toBeDefined();
  });

  it('pulls towards 0 and stops there', async () => {
    expect(await pulled([2, -2, 0.25, -0.25, 0.5, 0, -0], { lambda: 5, rate: 0.125 })).toEqual([1.375, -1.375, 0, 0, 0, 0, -0]);
    expect(await pulled([NaN, 3], { lambda: 1, rate: 0 })).toEqual([NaN, 3]);
  });

  it('gives the minimum of rate · λ|u| + ½(u − w)²', async () => {
    const number = fc.integer({ min: -256, max: 256 }).map((value) => value / 64);
    await fc.assert(
      fc.asyncProperty(number, fc.integer({ min: 0, max: 64 }), number, async (w, strength, other) => {
        const [lambda, rate] = [strength / 16, 0.5];
        const cost = (u: number): number => rate * lambda * Math.abs(u) + 0.5 * (u - w) ** 2;
        const [u] = await pulled([w], { lambda, rate });
        expect(cost(u!)).toBeLessThanOrEqual(cost(other) + 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it.each([-1, NaN, Infinity])('refuses the lambda %d', (lambda) => {
    expect(() => l1(lambda)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    expect(l1.rebuild(l1(0.5, { proximal: true }).options, {}).options).toEqual({ lambda: 0.5, proximal: true });
  });
});

it('sparsity counts the zeros', async () => {
  const weights = await run(backend, (w) => w.mul(1), [0, -0, 3, NaN]);
  expect(sparsity(weights)).toEqual({ zeros: 2, size: 4, fraction: 0.5 });
  expect(sparsity(await run(backend, (w) => w.mul(1), []))).toEqual({ zeros: 0, size: 0, fraction: 0 });
});
