// The cipher against published answers, the layout of streams, and the bits this project promises never to change.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors/errors.ts';
import { checkSeed, fillBits, fillUniform, hashPath, streamKey, threefry2x32 } from './threefry.ts';

const hex = (words: Iterable<number>): string[] => Array.from(words, (word) => word.toString(16).padStart(8, '0'));

function bitsOf(key: readonly [number, number], length: number, offset = 0): Uint32Array {
  const out = new Uint32Array(length);
  fillBits(key, out, offset);
  return out;
}

describe('threefry2x32', () => {
  // The known-answer vectors published with Random123 for threefry2x32, 20 rounds.
  it.each([
    { counter: [0, 0], key: [0, 0], words: ['6b200159', '99ba4efe'] },
    { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: ['1cb996fc', 'bb002be7'] },
    { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], words: ['c4923a9c', '483df7a0'] },
  ] as const)('gives the published answer $words', ({ counter, key, words }) => {
    expect(hex(threefry2x32(key, counter))).toEqual(words);
  });
});

describe('fillBits', () => {
  const key = streamKey(1, 'dense1/kernel', 0, 0);

  it('has the words of block (j, 0) as elements 2j and 2j + 1', () => {
    const bits = bitsOf(key, 7);
    for (let j = 0; j < 3; j++) expect([bits[2 * j], bits[2 * j + 1]]).toEqual(threefry2x32(key, [j, 0]));
    expect(bits[6]).toBe(threefry2x32(key, [3, 0])[0]);
  });

  it('gives the same elements whatever the pieces', () => {
    const whole = bitsOf(key, 13);
    for (let from = 0; from <= 13; from++) {
      for (let to = from; to <= 13; to++) expect(bitsOf(key, to - from, from)).toEqual(whole.subarray(from, to));
    }
  });

  it('reaches the last element of a stream and not further', () => {
    const end = 2 ** 33;
    expect(bitsOf(key, 3, end - 3)[2]).toBe(threefry2x32(key, [0xffffffff, 0])[1]);
    expect(bitsOf(key, 2, end - 2)).toEqual(Uint32Array.from(threefry2x32(key, [0xffffffff, 0])));
    for (const offset of [end, -1, 0.5, Number.NaN]) expect(() => bitsOf(key, 1, offset)).toThrow(ConfigError);
  });
});

describe('fillUniform', () => {
  it('is the upper 24 bits over 2^24, also into the middle of a buffer', () => {
    const key = streamKey(3, 'dropout1', 2, 17);
    const buffer = new Float32Array(9).fill(-1);
    fillUniform(key, buffer.subarray(1, 8), 5);
    const bits = bitsOf(key, 7, 5);
    expect([...buffer]).toEqual([-1, ...Array.from(bits, (word) => (word >>> 8) / 2 ** 24), -1]);
  });

  it('is flat: 256 cells of a million numbers pass a chi-square test', () => {
    const out = new Float32Array(1_000_000);
    fillUniform(streamKey(0, 'flat', 0, 0), out);
    const cells = new Float64Array(256);
    for (const value of out) cells[Math.floor(value * 256)]! += 1;
    const expected = out.length / 256;
    const statistic = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: deviation 22.6, so this is five deviations to either side.
    expect(Math.abs(statistic - 255)).toBeLessThan(5 * Math.sqrt(2 * 255));
  });
});

describe('streamKey', () => {
  it('differs in seed, path, call and step', () => {
    const keys = [
      streamKey(0, 'a', 0, 0),
      streamKey(1, 'a', 0, 0),
      streamKey(0, 'b', 0, 0),
      streamKey(0, 'a', 1, 0),
      streamKey(0, 'a', 0, 1),
      streamKey(0, '', 0, 0),
    ].map((key) => hex(key).join(''));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives streams that share nothing: neighbouring seeds and steps do not repeat each other', () => {
    const words = new Set<number>();
    for (let seed = 0; seed < 10; seed++) {
      for (let step = 0; step < 10; step++) for (const word of bitsOf(streamKey(seed, 'dropout1', 0, step), 20)) words.add(word);
    }
    expect(words.size).toBeGreaterThan(1998);
  });
});

describe('hashPath', () => {
  it('reads UTF-8 and spreads short names over all bits', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `dense${index}/kernel`);
    expect(new Set(names.map(hashPath)).size).toBe(1000);
    expect(new Set(names.map((name) => hashPath(name) >>> 24)).size).toBeGreaterThan(240);
    expect(hashPath('ä')).not.toBe(hashPath('a'));
  });
});

describe('checkSeed', () => {
  it('takes every unsigned 32-bit integer, 0 included, and nothing else', () => {
    for (const seed of [0, 1, 2 ** 32 - 1]) expect(checkSeed(seed)).toBe(seed);
    for (const seed of [-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => checkSeed(seed)).toThrow(ConfigError);
  });
});

// Models trained with an older version must start from, and see, the same numbers in a newer one.
describe('bits that must never change', () => {
  it('hashes', () => {
    expect(hex(['', 'a', 'dense1/kernel', 'Größe'].map(hashPath))).toEqual(['ab3e7c0b', '1a80b1b3', '8360c55e', 'ee8627d1']);
  });

  it('keys', () => {
    expect(hex(streamKey(0, 'dense1/kernel', 0, 0))).toEqual(['5842a338', '7888da42']);
    expect(hex(streamKey(4294967295, 'block1/dropout2', 3, 100000))).toEqual(['934e1a35', '5cf5c963']);
  });

  it('elements', () => {
    expect(hex(bitsOf(streamKey(7, 'dropout1', 0, 1), 5))).toEqual(['3835823d', '9cc6c58e', 'ad410d35', '3e4de849', '3060e8f0']);
  });
});
