// The law of the numbers drawn, their order in the stream, and the bits that must not change.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors/errors.ts';
import { fillNormal, fillTruncatedNormal } from './normal.ts';
import type { Key } from './threefry.ts';
import { fillBits, streamKey } from './threefry.ts';

type Fill = (key: Key, out: Float32Array, options?: { mean?: number; deviation?: number }) => void;

const count = 1_000_000;

function draw(fill: Fill, length: number, options?: { mean?: number; deviation?: number }, seed = 0): Float32Array {
  const out = new Float32Array(length);
  fill(streamKey(seed, 'dense1/kernel', 0, 0), out, options);
  return out;
}

function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

const hex = (values: Float32Array): string[] => Array.from(new Uint32Array(values.buffer), (word) => word.toString(16).padStart(8, '0'));

/** The largest distance between the share of values below a point and its probability, in deviations of such a share. */
function distanceFrom(distribution: readonly (readonly [point: number, probability: number])[], values: Float32Array): number {
  const distances = distribution.map(([point, probability]) => {
    const share = values.reduce((below, value) => below + Number(value < point), 0) / values.length;
    return Math.abs(share - probability) / Math.sqrt((probability * (1 - probability)) / values.length);
  });
  return Math.max(...distances);
}

describe('fillNormal', () => {
  const values = draw(fillNormal, count);

  it('has mean 0, variance 1 and kurtosis 3', () => {
    expect(Math.abs(moment(values, 1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
  });

  it('follows the normal distribution function into its tails', () => {
    const distribution = [
      [-4, 3.167124183311992e-5],
      [-3, 0.0013498980316300946],
      [-1.4395, 0.0750044666],
      [-1, 0.15865525393145707],
      [-0.1, 0.460172162722971],
      [0, 0.5],
      [0.5, 0.6914624612740131],
      [2, 0.9772498680518208],
      [3.5, 0.9997673709209645],
    ] as const;
    expect(distanceFrom(distribution, values)).toBeLessThan(5);
  });

  it('is finite and symmetric for the smallest and the largest word of a stream', () => {
    // Found by search: the first words of these streams are 0 and 2³² − 1.
    const ends: Key[] = [
      [4166419, 0],
      [1323173652, 0],
    ];
    const drawn = ends.map((key) => {
      const [bits, out] = [new Uint32Array(1), new Float32Array(1)];
      fillBits(key, bits);
      fillNormal(key, out);
      return [bits[0], out[0]];
    });
    const extreme = Math.fround(6.337957754553792);
    expect(drawn).toEqual([
      [0, -extreme],
      [2 ** 32 - 1, extreme],
    ]);
  });

  it('scales by the deviation and adds the mean', () => {
    const scaled = draw(fillNormal, 1000, { mean: 3, deviation: 0.25 });
    expect(scaled.every((value, index) => Math.abs(value - (3 + 0.25 * values[index]!)) < 1e-6)).toBe(true);
    expect(draw(fillNormal, 3, { mean: 3, deviation: 0 })).toEqual(Float32Array.of(3, 3, 3));
  });
});

describe('fillTruncatedNormal', () => {
  const values = draw(fillTruncatedNormal, count);
  const limit = 2 / 0.8796256610342398;

  it('has the deviation it was asked for, not the narrower one that cutting leaves', () => {
    expect(Math.abs(moment(values, 1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(5 * Math.sqrt(1.3655367171296495 / count));
    expect(Math.abs(moment(values, 4) - 2.3655367171296495)).toBeLessThan(0.02);
  });

  it('stays within two deviations of the distribution that was cut, and reaches them', () => {
    const furthest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(furthest).toBeLessThanOrEqual(Math.fround(limit));
    expect(furthest).toBeGreaterThan(0.999 * limit);
  });

  it('follows the cut distribution function', () => {
    const tail = 0.02275013194817921;
    const distribution = [
      [-limit * 0.75, (0.06680720126885807 - tail) / (1 - 2 * tail)],
      [-limit / 2, (0.15865525393145707 - tail) / (1 - 2 * tail)],
      [0, 0.5],
      [limit / 4, (0.6914624612740131 - tail) / (1 - 2 * tail)],
    ] as const;
    expect(distanceFrom(distribution, values)).toBeLessThan(5);
  });
});

describe.each([
  ['fillNormal', fillNormal],
  ['fillTruncatedNormal', fillTruncatedNormal],
])('%s', (_, fill) => {
  it('starts a longer draw with the shorter one', () => {
    expect(draw(fill, 1000).subarray(0, 17)).toEqual(draw(fill, 17));
  });

  it('refuses what is no mean or deviation', () => {
    for (const options of [{ mean: Number.NaN }, { deviation: -1 }, { deviation: Number.POSITIVE_INFINITY }]) {
      expect(() => draw(fill, 1, options)).toThrow(ConfigError);
    }
  });

  it('writes only where it is told', () => {
    const buffer = new Float32Array(5).fill(9);
    fill([1, 2], buffer.subarray(1, 4));
    expect([buffer[0], buffer[4]]).toEqual([9, 9]);
    expect(buffer.subarray(1, 4)).not.toContain(9);
  });
});

// Initial weights of published seeds must stay what they are.
describe('bits that must never change', () => {
  it('of normal numbers', () => {
    expect(hex(draw(fillNormal, 8))).toEqual([
      'beede2a9',
      'bf7c124a',
      '3fa30819',
      'bf21b2dc',
      'bf96bd9e',
      'bf05aafa',
      'bf56d83d',
      'bf2c27a4',
    ]);
  });

  it('of truncated normal numbers', () => {
    expect(hex(draw(fillTruncatedNormal, 8, { mean: -1, deviation: 0.05 }, 42))).toEqual([
      'bf800034',
      'bf7834ed',
      'bf8747db',
      'bf6493bd',
      'bf7c205b',
      'bf7fece1',
      'bf801e68',
      'bf743fcb',
    ]);
  });
});
