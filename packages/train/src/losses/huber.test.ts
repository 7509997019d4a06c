// Huber's loss and smooth L1: where the square becomes a line, and how they belong to the squared and the absolute error.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { huber, smoothL1 } from './huber.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanSquaredError } from './meanSquaredError.ts';

describe('huber', () => {
  it('is half the square near the target and a line far from it', async () => {
    expect(await lossOf(huber(), [0.5, -1, 3, -(2 ** 100)], [0, 0, 0, 0])).toEqual([0.125, 0.5, 2.5, 2 ** 100]);
    expect(await lossOf(huber({ delta: 2 }), [0.5, 5], [0, 1])).toEqual([0.125, 2 * (4 - 1)]);
  });

  it('has the distance as gradient, limited to delta', async () => {
    expect(await lossGradient(huber({ delta: 0.5 }), [0.25, 0.5, 3, -3, 0], [0, 0, 0, 0, 0])).toEqual([0.25, 0.5, 0.5, -0.5, 0]);
  });

  it('averages over a sample', async () => {
    expect(await lossOf(huber(), [[1, 3]], [[0, 0]])).toEqual([(0.5 + 2.5) / 2]);
  });

  it.each([0, -1, NaN, Infinity])('refuses the delta %d', (delta) => {
    expect(() => huber({ delta })).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    expect(huber.rebuild(huber({ delta: 3 }).options, {}).options).toEqual({ delta: 3 });
  });
});

describe('smoothL1', () => {
  const number = fc.integer({ min: -1024, max: 1024 }).map((value) => value / 128);
  const above = fc.integer({ min: 1, max: 512 }).map((value) => value / 128);

  it('is Huber divided by its delta; a wide one is half the square, the limit 0 the magnitude', async () => {
    await fc.assert(
      fc.asyncProperty(number, number, above, async (prediction, target, beta) => {
        const [ours] = await lossOf(smoothL1({ beta }), [prediction], [target]);
        const [asHuber] = await lossOf(huber({ delta: beta }), [prediction], [target]);
        expect(ours).toBeCloseTo(asHuber! / beta, 10);
        const [wide] = await lossOf(huber({ delta: 1000 }), [prediction], [target]);
        expect(2 * wide!).toBe((await lossOf(meanSquaredError(), [prediction], [target]))[0]);
        expect(await lossOf(smoothL1({ beta: 0 }), [prediction], [target])).toEqual(
          await lossOf(meanAbsoluteError(), [prediction], [target]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('has the slope 1 far away', async () => {
    expect(await lossGradient(smoothL1({ beta: 0.25 }), [9, -9, 0.125, 0], [0, 0, 0, 0])).toEqual([1, -1, 0.5, 0]);
  });

  it.each([-1, NaN, Infinity])('refuses the beta %d', (beta) => {
    expect(() => smoothL1({ beta })).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    expect(smoothL1.rebuild(smoothL1({ beta: 3 }).options, {}).options).toEqual({ beta: 3 });
  });
});
