// Matrix products of every layout, around the borders of tiles, panels and blocks, on any number of threads.
import { NdArray } from '@nn/core';
import type { Shape } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, expectClose, magnitudes, reference, seeds } from '../../testing/compare.ts';
import { linearKernel, matmulKernel } from './matmul.ts';
import { productCommand } from './product.ts';
import { variants } from './testing/shares.ts';
import type { KernelShares } from './testing/shares.ts';

/** One less and one more than heights and widths of tiles are among them. */
const extents = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 15, 16, 17, 33);
const flip = ([rows, columns]: readonly [number, number], transposed: boolean): number[] =>
  transposed ? [columns, rows] : [rows, columns];

interface Case {
  readonly a: NdArray;
  readonly b: NdArray;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly wideTiles?: boolean;
}

async function expectProduct(
  shares: KernelShares,
  { a, b, transposeA = false, transposeB = false, wideTiles = false }: Case,
): Promise<NdArray> {
  const attrs = { transposeA, transposeB };
  const [[expected], [scale]] = await Promise.all([
    call(reference, 'matmul', attrs, [a, b]),
    call(reference, 'matmul', attrs, [magnitudes(a), magnitudes(b)]),
  ]);
  const output = { shape: expected!.shape, dtype: 'f32' } as const;
  const step = matmulKernel({ wideTiles })({ attrs, inputs: [a, b], outputs: [output] });
  const [product] = shares.runOnAll(step, [a, b], [output]);
  expectClose(product!, expected!, { relative: 2 ** -21, scale: scale! });
  return product!;
}

describe.each(variants)('matmul, %s', (_, shares) => {
  it('of any extents, layouts and tiles', async () => {
    const check = fc.asyncProperty(
      fc.tuple(extents, extents, extents),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      seeds,
      async ([m, k, n], transposeA, transposeB, wideTiles, seed) => {
        const a = arrayOf(flip([m, k], transposeA), 'f32', seed);
        const b = arrayOf(flip([k, n], transposeB), 'f32', seed + 1);
        await expectProduct(shares, { a, b, transposeA, transposeB, wideTiles });
      },
    );
    await fc.assert(check, { numRuns: 150 });
  });

  it.each([
    [5, 1100, 30],
    [127, 9, 250],
    [260, 3, 13],
    [50, 21, 520],
    [1, 4200, 40],
    [40, 4200, 1],
    [530, 14, 20],
    [30, 5, 1024],
    [1024, 3, 30],
  ])('larger than the blocks: [%i, %i] × [.., %i]', async (m, k, n) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      for (const wideTiles of [false, true]) {
        const a = arrayOf(flip([m, k], transposeA), 'f32', m);
        const b = arrayOf(flip([k, n], transposeB), 'f32', n);
        await expectProduct(shares, { a, b, transposeA, transposeB, wideTiles });
      }
    }
  });

  it('stretches batch axes', async () => {
    const axis = fc.tuple(fc.constantFrom(1, 2, 3), fc.boolean(), fc.boolean());
    const check = fc.asyncProperty(
      fc.array(axis, { minLength: 1, maxLength: 2 }),
      fc.constantFrom([5, 3, 2] as const, [1, 9, 17] as const, [6, 4, 1] as const),
      fc.boolean(),
      fc.boolean(),
      seeds,
      async (axes, [m, k, n], transposeA, transposeB, seed) => {
        const a = arrayOf([...axes.map(([extent, one]) => (one ? 1 : extent)), ...flip([m, k], transposeA)], 'f32', seed);
        const b = arrayOf([...axes.map(([extent, , one]) => (one ? 1 : extent)), ...flip([k, n], transposeB)], 'f32', seed + 1);
        await expectProduct(shares, { a, b, transposeA, transposeB });
      },
    );
    await fc.assert(check, { numRuns: 40 });
  });

  it('gives the same bits with tiles of 8 and of 16 columns', async () => {
    const [a, b] = [arrayOf([13, 700], 'f32', 1), arrayOf([700, 45], 'f32', 2)];
    const [narrow, wide] = [await expectProduct(shares, { a, b }), await expectProduct(shares, { a, b, wideTiles: true })];
    expect(wide).toEqual(narrow);
  });

  it('propagates NaN and infinities to their rows and columns only', async () => {
    for (const rows of [1, 6, 7]) {
      const [a, b] = [arrayOf([rows, 5], 'f32', 1), arrayOf([5, 6], 'f32', 2)];
      a.data[2] = Number.NaN;
      b.data[1] = Infinity;
      const product = await expectProduct(shares, { a, b });
      expect([...product.data.slice(0, 6)]).toEqual(Array(6).fill(Number.NaN));
      expect(product.data.slice(6).some((value) => Number.isNaN(value))).toBe(false);
    }
  });

  it('adds up long sums in blocks', () => {
    const ones = (shape: Shape): NdArray => new NdArray(new Float32Array(shape[0]! * shape[1]!).fill(0.1), shape, 'f32');
    const length = 1_000_000;
    for (const columns of [1, 2]) {
      const [a, b] = [ones([2, length]), ones([length, columns])];
      const output = { shape: [2, columns], dtype: 'f32' } as const;
      const step = matmulKernel({ wideTiles: false })({
        attrs: { transposeA: false, transposeB: false },
        inputs: [a, b],
        outputs: [output],
      });
      const exact = length * Math.fround(0.1) ** 2;
      for (const value of shares.run(step, [a, b], [output], 1)[0]!.data) expect(Math.abs(value - exact)).toBeLessThan(1e-4 * exact);
    }
  });
});

describe.each(variants)('linear, %s', (_, shares) => {
  it('agrees with its decomposition, with and without bias', async () => {
    const check = fc.asyncProperty(
      extents,
      extents,
      extents,
      fc.boolean(),
      fc.boolean(),
      seeds,
      async (rows, inner, columns, biased, wideTiles, seed) => {
        const inputs = [
          arrayOf([rows, inner], 'f32', seed),
          arrayOf([inner, columns], 'f32', seed + 1),
          ...(biased ? [arrayOf([columns], 'f32', seed + 2)] : []),
        ];
        const [[expected], [scale]] = await Promise.all([
          call(reference, 'linear', {}, inputs),
          call(reference, 'linear', {}, inputs.map(magnitudes)),
        ]);
        const output = { shape: [rows, columns], dtype: 'f32' } as const;
        const [y] = shares.runOnAll(linearKernel({ wideTiles })({ attrs: {}, inputs, outputs: [output] }), inputs, [output]);
        expectClose(y!, expected!, { relative: 2 ** -21, scale: scale! });
      },
    );
    await fc.assert(check, { numRuns: 80 });
  });

  it('can take what is positive, and NaN', () => {
    for (const columns of [1, 5, 8, 20]) {
      const inputs = [arrayOf([9, 4], 'f32', 1), arrayOf([4, columns], 'f32', 2), arrayOf([columns], 'f32', 3)];
      inputs[0]!.data[0] = Number.NaN;
      const output = { shape: [9, columns], dtype: 'f32' } as const;
      const product = { rows: 9, columns, inner: 4, aStep: 4, bStep: columns, cStep: columns, matrices: [[0, 0, 0]] } as const;
      const [[y], [positive]] = [false, true].map((relu) =>
        shares.runOnAll({ commands: [productCommand({ ...product, flags: { relu } })] }, inputs, [output]),
      ) as [NdArray[], NdArray[]];
      expect(y!.data.some((value) => value < 0)).toBe(true);
      expect(positive!.data).toEqual(y!.data.map((value) => (value <= 0 ? 0 : value)));
    }
  });
});
