// Huber's loss: where the square becomes a line.
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { huber } from './huber.ts';

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
