// Matrix products of every layout, around the borders of tiles and blocks.
import { NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, cpu, expectAgreement, extents, magnitudes, reference, seeds } from '../testing/compare.ts';

const flip = (matrix: readonly [number, number], transposed: boolean): number[] => (transposed ? [matrix[1], matrix[0]] : [...matrix]);

async function expectProduct(attrs: object, a: NdArray, b: NdArray): Promise<void> {
  const [scale] = await call(reference, 'matmul', attrs, [magnitudes(a), magnitudes(b)]);
  await expectAgreement('matmul', attrs, [a, b], { relative: 2 ** -23, scale: scale! });
}

describe('matmul', () => {
  it('of any extents and flags is rounded once', async () => {
    const check = fc.asyncProperty(
      extents,
      extents,
      extents,
      fc.boolean(),
      fc.boolean(),
      seeds,
      async (m, k, n, transposeA, transposeB, seed) => {
        const a = arrayOf(flip([m, k], transposeA), 'f32', seed);
        const b = arrayOf(flip([k, n], transposeB), 'f32', seed + 1);
        await expectProduct({ transposeA, transposeB }, a, b);
      },
    );
    await fc.assert(check, { numRuns: 120 });
  });

  it('stretches batch axes', async () => {
    const batch = fc.tuple(fc.constantFrom(1, 2, 3), fc.boolean(), fc.boolean());
    const check = fc.asyncProperty(
      fc.array(batch, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      seeds,
      async (axes, transposeA, transposeB, seed) => {
        const a = arrayOf([...axes.map(([extent, ones]) => (ones ? 1 : extent)), ...flip([5, 3], transposeA)], 'f32', seed);
        const b = arrayOf([...axes.map(([extent, , ones]) => (ones ? 1 : extent)), ...flip([3, 2], transposeB)], 'f32', seed + 1);
        await expectProduct({ transposeA, transposeB }, a, b);
      },
    );
    await fc.assert(check, { numRuns: 60 });
  });

  it('larger than a block of columns', async () => {
    for (const [m, k, n] of [
      [5, 5000, 130],
      [9, 3, 700],
      [1, 4097, 65],
      [130, 129, 131],
    ] as const) {
      for (const transposeB of [false, true]) {
        await expectProduct({ transposeA: false, transposeB }, arrayOf([m, k], 'f32', m), arrayOf(flip([k, n], transposeB), 'f32', n));
      }
    }
  });

  it('propagates NaN and infinities to their rows and columns only', async () => {
    for (const rows of [1, 6]) {
      const a = arrayOf([rows, 5], 'f32', 1);
      const b = arrayOf([5, 6], 'f32', 2);
      a.data[2] = Number.NaN;
      b.data[1] = Infinity;
      b.data[7] = 0;
      await expectProduct({ transposeA: false, transposeB: false }, a, b);
      const [product] = await call(cpu, 'matmul', { transposeA: false, transposeB: false }, [a, b]);
      expect(product!.data.slice(0, 6).every((value) => Number.isNaN(value))).toBe(true);
      expect(product!.data.slice(6).some((value) => Number.isNaN(value))).toBe(false);
    }
  });

  it('of nothing is zeros', async () => {
    const empty = (shape: number[]): NdArray => new NdArray(new Float32Array(0), shape, 'f32');
    await call(cpu, 'matmul', { transposeA: false, transposeB: false }, [arrayOf([4, 4], 'f32', 1), arrayOf([4, 4], 'f32', 2)]);
    const [product] = await call(cpu, 'matmul', { transposeA: false, transposeB: false }, [empty([2, 0]), empty([0, 3])]);
    expect(product!.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('linear', () => {
  it('agrees with its decomposition, with and without bias', async () => {
    const check = fc.asyncProperty(extents, extents, extents, fc.boolean(), seeds, async (rows, inner, columns, biased, seed) => {
      const inputs = [
        arrayOf([rows, inner], 'f32', seed),
        arrayOf([inner, columns], 'f32', seed + 1),
        ...(biased ? [arrayOf([columns], 'f32', seed + 2)] : []),
      ];
      const [scale] = await call(reference, 'linear', {}, inputs.map(magnitudes));
      await expectAgreement('linear', {}, inputs, { relative: 2 ** -22, scale: scale! });
    });
    await fc.assert(check, { numRuns: 60 });
  });
});
