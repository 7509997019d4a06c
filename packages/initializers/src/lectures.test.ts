// What the lectures say about initialization, computed: their formulas, their slips, and where the usual shortcut ends.
import { fillNormal, streamKey } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { fansOf } from './fans.ts';
import { glorotNormal, glorotUniform } from './glorot.ts';
import { heNormal } from './he.ts';
import { lecunNormal } from './lecun.ts';
import { normal } from './normal.ts';
import { draw, largest, mean, variance } from './testing/sampling.ts';

const million = [1000, 1000];

describe('lecture 000', () => {
  const fans = { fanIn: 300, fanOut: 100 };

  it("derives Glorot's limit: α = √6/√(m + k) gives the variance α²/3 = 2/(m + k)", () => {
    const alpha = Math.sqrt(6) / Math.sqrt(400);
    const values = draw(glorotUniform(), million, fans);
    expect(largest(values)).toBeLessThanOrEqual(Math.fround(alpha));
    expect(largest(values)).toBeGreaterThan(0.9999 * alpha);
    expect(Math.abs(variance(values) / (alpha ** 2 / 3) - 1)).toBeLessThan(0.01);
  });

  it('slips where it gives that limit to a normal distribution: read as a deviation it has three times the variance', () => {
    const slip = variance(draw(normal({ deviation: Math.sqrt(6) / Math.sqrt(400) }), million));
    const glorot = variance(draw(glorotNormal(), million, fans));
    expect(Math.abs(slip / glorot - 3)).toBeLessThan(0.03);
  });
});

describe('lecture 002', () => {
  it.each([3, 5])('writes √(1/n) and means the deviation: n = %i gives the variance 1/n', (nodes) => {
    const values = draw(lecunNormal(), million, { fanIn: nodes, fanOut: 1 });
    expect(Math.abs(variance(values) * nodes - 1)).toBeLessThan(0.01);
  });

  it('wants values of middle size, all different, of limited range', () => {
    const values = draw(glorotUniform(), [40, 25], fansOf([40, 25]));
    expect(new Set(values).size).toBe(values.length);
    expect(Math.abs(mean(values))).toBeLessThan(5 * Math.sqrt(2 / 65 / values.length));
  });
});

describe('lecture 003', () => {
  const inputs = 50;
  const trials = 20_000;

  /** Σ wᵢxᵢ over many draws of weights and inputs, each normal. */
  function sums(w: { mean: number; deviation: number }, x: { mean: number; deviation: number }): Float32Array {
    const [weights, values] = [new Float32Array(inputs * trials), new Float32Array(inputs * trials)];
    fillNormal(streamKey(1, 'w', 0, 0), weights, w);
    fillNormal(streamKey(1, 'x', 0, 0), values, x);
    return Float32Array.from({ length: trials }, (_, trial) => {
      let sum = 0;
      for (let index = trial * inputs; index < (trial + 1) * inputs; index++) sum += weights[index]! * values[index]!;
      return sum;
    });
  }

  const reduced = (w: { deviation: number }, x: { deviation: number }): number => inputs * w.deviation ** 2 * x.deviation ** 2;

  it.each([
    [
      { mean: 0, deviation: 0.2 },
      { mean: 0, deviation: 1.5 },
    ],
    [
      { mean: 0, deviation: 0.2 },
      { mean: 1, deviation: 0.5 },
    ],
    [
      { mean: -0.3, deviation: 0.1 },
      { mean: 0.5, deviation: 1 },
    ],
  ])('gives the variance of a unit in full: weights %j, inputs %j', (w, x) => {
    const full = inputs * (w.mean ** 2 * x.deviation ** 2 + x.mean ** 2 * w.deviation ** 2 + w.deviation ** 2 * x.deviation ** 2);
    expect(Math.abs(variance(sums(w, x)) / full - 1)).toBeLessThan(0.05);
  });

  it('shortens it to n · Var(w) · Var(x), which fails behind a ReLU: its outputs have a mean, and He counts their squares', () => {
    const w = { mean: 0, deviation: 0.2 };
    const centered = { mean: 0, deviation: 1 };
    expect(Math.abs(variance(sums(w, centered)) / reduced(w, centered) - 1)).toBeLessThan(0.05);
    // ReLU of a standard normal number: mean 1/√(2π), variance (1 − 1/π)/2, mean square 1/2.
    const rectified = { mean: 1 / Math.sqrt(2 * Math.PI), deviation: Math.sqrt((1 - 1 / Math.PI) / 2) };
    const seen = variance(sums(w, rectified));
    expect(seen / reduced(w, rectified)).toBeGreaterThan(1.4);
    expect(Math.abs(seen / (inputs * w.deviation ** 2 * 0.5) - 1)).toBeLessThan(0.05);
    // So n · Var(w) / 2 = 1, which is He's factor 2.
    const kernel = draw(heNormal(), million, { fanIn: inputs, fanOut: 1 });
    expect(Math.abs((inputs * variance(kernel)) / 2 - 1)).toBeLessThan(0.01);
  });
});
