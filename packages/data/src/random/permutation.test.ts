// Bounded integers are unbiased, permutations are permutations, all orders are equally likely.
import { ConfigError, fillBits, streamKey } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { integerStream } from './integers.ts';
import { permutation } from './permutation.ts';

/** Chi-square statistic of counts that should be equal, in deviations from its mean. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (statistic - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

describe('integerStream', () => {
  it('draws every integer below the bound equally often', () => {
    const integers = integerStream(streamKey(0, 'integers', 0, 0));
    const counts = new Array<number>(7).fill(0);
    for (let index = 0; index < 70_000; index++) counts[integers.next(7)]! += 1;
    expect(Math.abs(unevenness(counts))).toBeLessThan(5);
  });

  it('is not biased for bounds near 2^32, where a plain remainder would be', () => {
    const integers = integerStream(streamKey(0, 'integers', 1, 0));
    const bound = 3 * 2 ** 30;
    const thirds = [0, 0, 0];
    for (let index = 0; index < 30_000; index++) thirds[Math.floor(integers.next(bound) / 2 ** 30)]! += 1;
    expect(Math.abs(unevenness(thirds))).toBeLessThan(5);
  });

  it('takes the words of the stream in order, past its buffer', () => {
    const key = streamKey(5, 'integers', 2, 0);
    const words = new Uint32Array(1000);
    fillBits(key, words);
    const integers = integerStream(key);
    expect(Uint32Array.from(words, () => integers.next(2 ** 32))).toEqual(words);
  });

  it('refuses bounds that have no integers below them', () => {
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => integerStream([0, 0]).next(bound)).toThrow(ConfigError);
    }
  });
});

describe('permutation', () => {
  it('holds every number once, in an order that depends on the key', () => {
    const order = permutation(1000, streamKey(1, 'shuffle', 0, 0));
    expect(order.toSorted()).toEqual(Int32Array.from({ length: 1000 }, (_, index) => index));
    expect(order).toEqual(permutation(1000, streamKey(1, 'shuffle', 0, 0)));
    expect(order).not.toEqual(permutation(1000, streamKey(1, 'shuffle', 0, 1)));
  });

  it('gives all 24 orders of four numbers equally often', () => {
    const counts = new Map<string, number>();
    for (let step = 0; step < 24_000; step++) {
      const order = permutation(4, streamKey(0, 'shuffle', 0, step)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(unevenness([...counts.values()]))).toBeLessThan(5);
  });

  it('of nothing and of one number is what it must be', () => {
    expect([...permutation(0, [0, 0])]).toEqual([]);
    expect([...permutation(1, [0, 0])]).toEqual([0]);
  });

  it('refuses sizes that are none', () => {
    for (const size of [-1, 2.5, 2 ** 31, Number.NaN]) expect(() => permutation(size, [0, 0])).toThrow(ConfigError);
  });

  it('never changes: published seeds keep their shuffles', () => {
    expect([...permutation(10, streamKey(7, 'shuffle', 0, 3))]).toEqual([3, 5, 9, 6, 2, 0, 1, 8, 4, 7]);
  });
});
