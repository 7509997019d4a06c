// The variances and limits of all initializers that divide by fans, against reference numbers for kernels of several shapes.
import type { Fans, Initializer, Shape } from '@nn/core';
import { ConfigError, fillNormal, fillUniform, streamKey } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { fansOf } from './fans.ts';
import { glorotNormal, glorotUniform } from './glorot.ts';
import { heNormal, heUniform } from './he.ts';
import { lecunNormal, lecunUniform } from './lecun.ts';
import { draw, largest, mean, variance } from './testing/sampling.ts';
import { uniform } from './uniform.ts';
import { varianceScaling } from './varianceScaling.ts';

describe('the deviation or limit for a kernel', () => {
  // Computed independently, by the formulas of the papers.
  const kernels: { kernel: Shape; normals: [Initializer, number][]; uniforms: [Initializer, number][] }[] = [
    {
      kernel: [784, 128],
      normals: [
        [glorotNormal(), 0.0468292905790847],
        [heNormal(), 0.050507627227610534],
        [heNormal({ mode: 'fanOut' }), 0.125],
        [heNormal({ negativeSlope: 0.2 }), 0.049526803234395456],
        [lecunNormal(), 0.03571428571428571],
        [glorotNormal({ gain: 2 }), 2 * 0.0468292905790847],
        [varianceScaling({ scale: 3, mode: 'fanAverage', distribution: 'normal' }), Math.sqrt(3 / 456)],
      ],
      uniforms: [
        [glorotUniform(), 0.08111071056538127],
        [heUniform(), 0.08748177652797065],
        [lecunUniform(), 0.06185895741317419],
        [glorotUniform({ gain: 0.5 }), 0.5 * 0.08111071056538127],
        [varianceScaling({ mode: 'fanOut', distribution: 'uniform' }), Math.sqrt(3 / 128)],
      ],
    },
    {
      kernel: [3, 3, 32, 64],
      normals: [
        [glorotNormal(), 0.048112522432468816],
        [heNormal(), 0.08333333333333333],
        [heNormal({ mode: 'fanOut' }), 0.05892556509887896],
        [heNormal({ negativeSlope: 0.2 }), 0.08171505630757668],
        [lecunNormal(), 0.05892556509887896],
      ],
      uniforms: [
        [glorotUniform(), 0.08333333333333333],
        [heUniform(), 0.14433756729740643],
        [lecunUniform(), 0.10206207261596575],
      ],
    },
    {
      kernel: [1, 1],
      normals: [
        [glorotNormal(), 1],
        [heNormal(), Math.SQRT2],
      ],
      uniforms: [
        [glorotUniform(), 1.7320508075688772],
        [heUniform(), 2.449489742783178],
      ],
    },
  ];
  const key = streamKey(0, 'dense1/kernel', 0, 0);
  const count = 64;

  it.each(kernels)('$kernel', ({ kernel, normals, uniforms }) => {
    const standard = new Float32Array(count);
    fillNormal(key, standard);
    for (const [initializer, deviation] of normals) {
      const values = draw(initializer, [count], fansOf(kernel));
      expect(values.every((value, index) => Math.abs(value - deviation * standard[index]!) <= 1e-6 * deviation)).toBe(true);
    }
    const flat = new Float32Array(count);
    fillUniform(key, flat);
    for (const [initializer, limit] of uniforms) {
      const values = draw(initializer, [count], fansOf(kernel));
      expect(values.every((value, index) => Math.abs(value - limit * (2 * flat[index]! - 1)) <= 1e-6 * limit)).toBe(true);
    }
  });
});

describe('a million numbers', () => {
  const shape: Shape = [1000, 1000];
  const fans: Fans = { fanIn: 300, fanOut: 100 };
  const limitOfCut = 2 / 0.8796256610342398;

  it.each([
    { initializer: glorotNormal(), expected: 2 / 400, limit: Infinity },
    { initializer: glorotNormal({ truncated: true }), expected: 2 / 400, limit: limitOfCut * Math.sqrt(2 / 400) },
    { initializer: glorotUniform(), expected: 2 / 400, limit: Math.sqrt(6 / 400) },
    { initializer: heNormal(), expected: 2 / 300, limit: Infinity },
    { initializer: heNormal({ truncated: true }), expected: 2 / 300, limit: limitOfCut * Math.sqrt(2 / 300) },
    { initializer: heUniform(), expected: 2 / 300, limit: Math.sqrt(6 / 300) },
    { initializer: lecunNormal(), expected: 1 / 300, limit: Infinity },
    { initializer: lecunNormal({ truncated: true }), expected: 1 / 300, limit: limitOfCut / Math.sqrt(300) },
    { initializer: lecunUniform(), expected: 1 / 300, limit: Math.sqrt(3 / 300) },
    { initializer: varianceScaling(), expected: 1 / 300, limit: limitOfCut / Math.sqrt(300) },
  ])('of $initializer.kind $initializer.options have mean 0 and the stated variance', ({ initializer, expected, limit }) => {
    const values = draw(initializer, shape, fans);
    expect(Math.abs(mean(values))).toBeLessThan(5 * Math.sqrt(expected / values.length));
    expect(Math.abs(variance(values) / expected - 1)).toBeLessThan(0.01);
    expect(largest(values)).toBeLessThanOrEqual(Math.fround(limit));
  });

  it.each([
    { initializer: glorotUniform(), low: -Math.sqrt(6 / 400), high: Math.sqrt(6 / 400) },
    { initializer: heUniform(), low: -Math.sqrt(6 / 300), high: Math.sqrt(6 / 300) },
    { initializer: lecunUniform(), low: -Math.sqrt(3 / 300), high: Math.sqrt(3 / 300) },
    { initializer: uniform({ low: -1, high: 3 }), low: -1, high: 3 },
  ])('of $initializer.kind pass the Kolmogorov-Smirnov test against the flat density', ({ initializer, low, high }) => {
    const sorted = draw(initializer, shape, fans).toSorted();
    const distance = sorted.reduce(
      (most, value, index) => Math.max(most, Math.abs((value - low) / (high - low) - (index + 0.5) / sorted.length)),
      0,
    );
    // 1.95/√n is exceeded by one flat sample in a thousand; the seed is fixed.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(sorted.length));
  });
});

describe('bad input', () => {
  it('is refused when the initializer is made', () => {
    const wrong: (() => Initializer)[] = [
      () => varianceScaling({ scale: 0 }),
      () => varianceScaling({ scale: Number.NaN }),
      () => varianceScaling({ mode: 'fanAvg' as never }),
      () => varianceScaling({ distribution: 'toString' as never }),
      () => glorotNormal({ gain: -1 }),
      () => glorotUniform({ gain: 0 }),
      () => glorotNormal({ truncated: 1 as never }),
      () => heNormal({ negativeSlope: Infinity }),
      () => heUniform({ mode: 'fan_in' as never }),
      () => lecunNormal({ seed: 1 } as never),
    ];
    for (const make of wrong) expect(make).toThrow(ConfigError);
  });

  it('is refused when there are no fans to divide by, saying what to use instead', () => {
    expect(() => draw(heNormal(), [10], null)).toThrow(ConfigError);
    expect(() => draw(heNormal(), [10], null)).toThrow(/heNormal divides by the connections.*zeros\(\)/);
    expect(() => draw(heNormal(), [10], { fanIn: 0, fanOut: 1 })).toThrow('heNormal: fanIn is 0; it is a finite number above 0.');
  });

  it('does not include an empty kernel', () => {
    expect(draw(heNormal(), [0, 10], { fanIn: 0, fanOut: 10 })).toEqual(new Float32Array(0));
  });
});
