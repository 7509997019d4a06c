// Smooth L1 between its relatives: Huber's loss, half the square, the absolute error.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { huber } from './huber.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { smoothL1 } from './smoothL1.ts';

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
