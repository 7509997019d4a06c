// What counts as right: tolerances, non-finite values, flushed subnormals, alternatives.
import { NdArray, ndarray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { compareTensor } from './compare.ts';
import type { CompareOptions } from './compare.ts';
import type { GoldenTensor } from './format.ts';

const expected = (...data: GoldenTensor['data']): GoldenTensor => ({ shape: [data.length], data });
const options: CompareOptions = { tolerance: { rtol: 1e-3, atol: 1e-2 }, factor: 1 };
const compare = (actual: readonly number[], wanted: GoldenTensor, given: Partial<CompareOptions> = {}) =>
  compareTensor(new NdArray(Float64Array.from(actual), [actual.length], 'f32'), wanted, { ...options, ...given });

describe('compareTensor', () => {
  it('allows atol + rtol · |expected|, times the factor', () => {
    expect(compare([100.1], expected(100)).ok).toBe(true);
    expect(compare([100.12], expected(100)).ok).toBe(false);
    expect(compare([100.12], expected(100), { factor: 4 }).ok).toBe(true);
    expect(compare([-0.0099], expected(0)).ok).toBe(true);
  });

  it('names the worst element, measured against what it is allowed', () => {
    const { ok, worst, reason } = compare([1, 100.2, 0.02], expected(1, 100, 0));
    expect(ok).toBe(false);
    expect(worst).toMatchObject({ index: 2, actual: 0.02, expected: 0, error: 0.02, allowed: 0.01 });
    expect(reason).toContain('element 2 is 0.02, but 0 is expected');
  });

  it('matches NaN with NaN and an infinity with itself, and with nothing else', () => {
    expect(compare([Number.NaN, Infinity, -Infinity], expected('NaN', 'Infinity', '-Infinity')).ok).toBe(true);
    for (const [actual, wanted] of [
      [Number.NaN, 0],
      [0, 'NaN'],
      [Infinity, 1],
      [1, 'Infinity'],
      [-Infinity, 'Infinity'],
      [Infinity, 'NaN'],
    ] as const) {
      expect(compare([actual], expected(wanted), { tolerance: { rtol: 1, atol: 1e300 } }).ok).toBe(false);
    }
  });

  it('accepts 0 for what is too small for a normal float32, and no other number', () => {
    const exact = { tolerance: { rtol: 0, atol: 0 } };
    expect(compare([0], expected(1e-39), exact).ok).toBe(true);
    expect(compare([-0], expected(-1e-40), exact).ok).toBe(true);
    expect(compare([0], expected(1.2e-38), exact).ok).toBe(false);
    expect(compare([2e-39], expected(1e-39), exact).ok).toBe(false);
  });

  it('does not tell zeros apart', () => {
    expect(compare([-0], expected(0), { tolerance: { rtol: 0, atol: 0 } }).ok).toBe(true);
  });

  it('takes the alternative, element by element', () => {
    const alternative = expected('NaN', 2);
    expect(compare([Number.NaN, 1], expected(1, 1), { alternative }).ok).toBe(true);
    expect(compare([1, 2], expected(1, 1), { alternative }).ok).toBe(true);
    expect(compare([2, 2], expected(1, 1), { alternative }).ok).toBe(false);
  });

  it('wants the shape', () => {
    expect(compareTensor(ndarray([[1], [2]]), expected(1, 2), options)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('[2, 1]'),
    });
  });

  it('is content with nothing', () => {
    expect(compare([], expected())).toEqual({ ok: true });
  });
});
