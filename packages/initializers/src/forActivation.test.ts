// The pairings of lecture 002, and gains against their definition.
import { describe, expect, it } from 'vitest';
import type { PairedActivation } from './forActivation.ts';
import { gainFor, initializerFor } from './forActivation.ts';

describe('initializerFor', () => {
  it('pairs tanh with Glorot, ReLU with He and selu with LeCun', () => {
    expect(initializerFor('tanh').kind).toBe('glorotNormal');
    expect(initializerFor('linear').kind).toBe('glorotNormal');
    for (const activation of ['relu', 'elu', 'gelu', 'silu'] as const) expect(initializerFor(activation).kind).toBe('heNormal');
    expect(initializerFor('leakyRelu').options).toMatchObject({ negativeSlope: 0.01 });
    expect(initializerFor('leakyRelu', { slope: 0.3 }).options).toMatchObject({ negativeSlope: 0.3 });
    expect(initializerFor('selu').kind).toBe('lecunNormal');
  });

  it('refuses an activation it does not know, and options that are none', () => {
    expect(() => initializerFor('rellu' as never)).toThrow(/Did you mean "relu"/);
    expect(() => initializerFor('leakyRelu', { slope: Number.NaN })).toThrow(/slope is NaN/);
    expect(() => gainFor('leakyRelu', { alpha: 1 } as never)).toThrow(/Its options are slope/);
  });
});

describe('gainFor', () => {
  /** E[f(z)²] for a normal z, by the trapezoidal rule. */
  function secondMoment(f: (x: number) => number): number {
    const step = 1e-3;
    let total = 0;
    for (let x = -10; x <= 10; x += step) total += f(x) ** 2 * Math.exp((-x * x) / 2) * step;
    return total / Math.sqrt(2 * Math.PI);
  }

  /** The normal distribution function. */
  function phi(x: number): number {
    let total = 0;
    const step = Math.abs(x) / 200;
    for (let part = 0.5; part < 200; part++) total += Math.exp(-((part * step) ** 2) / 2) * step;
    return 0.5 + (Math.sign(x) * total) / Math.sqrt(2 * Math.PI);
  }

  const lambda = 1.0507009873554805;
  const alpha = 1.6732632423543772;
  const kept: [PairedActivation, (x: number) => number, number][] = [
    ['linear', (x) => x, 9],
    ['relu', (x) => Math.max(0, x), 9],
    ['leakyRelu', (x) => (x > 0 ? x : 0.01 * x), 9],
    ['elu', (x) => (x > 0 ? x : Math.expm1(x)), 6],
    ['gelu', (x) => x * phi(x), 4],
    ['silu', (x) => x / (1 + Math.exp(-x)), 6],
    ['selu', (x) => lambda * (x > 0 ? x : alpha * Math.expm1(x)), 6],
  ];

  it.each(kept)('of %s undoes what the activation takes from the second moment', (activation, f, digits) => {
    expect(gainFor(activation) ** 2 * secondMoment(f)).toBeCloseTo(1, digits);
  });

  it('has the customary numbers for those that saturate, and follows the slope', () => {
    expect([gainFor('tanh'), gainFor('sigmoid'), gainFor('softmax')]).toEqual([5 / 3, 1, 1]);
    expect(gainFor('leakyRelu', { slope: 0 })).toBe(Math.SQRT2);
    expect(gainFor('leakyRelu', { slope: 1 })).toBe(1);
  });
});
