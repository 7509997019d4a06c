// What clipping does to gradients that are too long, short enough, and not finite.
import type { GradientTransform, NdArray, Tensor } from '@nn/core';
import { run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { clipByNorm, clipByValue, globalNorm } from './clipping.ts';

const backend = referenceBackend();

async function apply(transform: GradientTransform, a: readonly number[], b: readonly number[]): Promise<{ a: unknown; b: unknown }> {
  const clip = (x: Tensor, y: Tensor): { a: Tensor; b: Tensor } => {
    const clipped = transform.apply({ a: x, b: y });
    return { a: clipped['a']!, b: clipped['b']! };
  };
  const result: { a: NdArray; b: NdArray } = await run(backend, clip, a, b);
  return { a: result.a.toArray(), b: result.b.toArray() };
}

describe('clipByNorm', () => {
  it('scales all gradients by one factor when they are too long together', async () => {
    expect(await apply(clipByNorm(1), [3], [0, 4])).toEqual({ a: [0.6000000000000001], b: [0, 0.8] });
  });

  it('keeps the bits of gradients within the limit', async () => {
    expect(await apply(clipByNorm(5), [3], [0, 4])).toEqual({ a: [3], b: [0, 4] });
    expect(await apply(clipByNorm(5), [0], [0, 0])).toEqual({ a: [0], b: [0, 0] });
  });

  it('hides no NaN', async () => {
    expect(await apply(clipByNorm(1), [NaN], [2, 2])).toEqual({ a: [NaN], b: [NaN, NaN] });
  });
});

describe('clipByValue', () => {
  it('limits every element on both sides and hides no NaN', async () => {
    expect(await apply(clipByValue(2), [3, -3], [1, NaN])).toEqual({ a: [2, -2], b: [1, NaN] });
  });
});

it('takes the norm over all gradients as one vector', async () => {
  const norm = await run(backend, (a, b) => globalNorm({ a, b }), [3], [[0], [4]]);
  expect(norm.item()).toBe(5);
});

it.each([0, -1, NaN, Infinity])('refuses the limit %d', (max) => {
  expect(() => clipByNorm(max)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  expect(() => clipByValue(max)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
});

it('is made again from its options', () => {
  expect(clipByNorm.rebuild(clipByNorm(3).options, {}).options).toEqual({ max: 3 });
  expect(clipByValue.rebuild(clipByValue(3).options, {}).options).toEqual({ max: 3 });
});
