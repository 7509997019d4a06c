// Pooling next to its decomposition: windows of every kind, special values, and images of which windows overlap.
import { NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, cpu, expectAgreement, reference, seeds } from '../../testing/compare.ts';

const along = fc
  .record({
    extent: fc.integer({ min: 1, max: 9 }),
    window: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
    overhang: fc.integer({ min: 0, max: 1 }),
  })
  .filter(({ extent, window, stride, dilation, before, after, overhang }) => {
    const rest = before + extent + after + overhang - ((window - 1) * dilation + 1);
    const begins = Array.from({ length: Math.floor(rest / stride) + 1 }, (_, position) => position * stride - before);
    const isOver = (begin: number): boolean =>
      Array.from({ length: window }, (_, cell) => begin + cell * dilation).some((place) => place >= 0 && place < extent);
    // Windows without an element under them are refused.
    return rest >= 0 && begins.every(isOver);
  });

const cases = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 11, 22, 32),
  rows: along,
  columns: along,
  seed: seeds,
});

function attrsOf({ rows, columns }: { rows: typeof along extends fc.Arbitrary<infer T> ? T : never; columns: typeof rows }) {
  return {
    window: [rows.window, columns.window],
    strides: [rows.stride, columns.stride],
    padding: [
      [rows.before, rows.after],
      [columns.before, columns.after],
    ],
    dilations: [rows.dilation, columns.dilation],
    overhang: [rows.overhang, columns.overhang],
  };
}

/** Windows side by side. */
const sideBySide = (window: number) => ({ extent: 8, window, stride: window, dilation: 1, before: 0, after: 0, overhang: 0 });

describe('pooling', () => {
  it('takes the largest element, exactly', async () => {
    const check = fc.asyncProperty(cases, ({ batch, channels, seed, ...axes }) =>
      expectAgreement('maxPool2d', attrsOf(axes), [arrayOf([batch, axes.rows.extent, axes.columns.extent, channels], 'f32', seed, true)]),
    );
    await fc.assert(check, { numRuns: 100 });
  });

  it('takes 0 for larger than −0', async () => {
    const attrs = attrsOf({ rows: sideBySide(1), columns: sideBySide(2) });
    const x = new NdArray(Float32Array.of(-0, 0, 0, -0, -0, -0, -1, -0), [1, 1, 8, 1], 'f32');
    const [y] = await call(cpu, 'maxPool2d', attrs, [x]);
    expect([...y!.data]).toEqual([0, 0, -0, -0]);
  });

  it('passes the gradient to the first of the largest elements', async () => {
    const check = fc.asyncProperty(cases, fc.boolean(), async ({ batch, channels, seed, ...axes }, specials) => {
      const x = arrayOf([batch, axes.rows.extent, axes.columns.extent, channels], 'f32', seed, specials);
      // Rounded, so that there are ties.
      for (let index = 0; index < x.data.length; index++) x.data[index] = Math.round(x.data[index]!);
      const [y] = await call(reference, 'maxPool2d', attrsOf(axes), [x]);
      const dy = arrayOf(y!.shape, 'f32', seed + 1);
      await expectAgreement('maxPool2dGradient', attrsOf(axes), [x, y!, dy], { relative: 1e-6, absolute: 1e-6 });
    });
    await fc.assert(check, { numRuns: 100 });
  });

  it('takes the mean, with and without padding', async () => {
    const check = fc.asyncProperty(cases, fc.boolean(), ({ batch, channels, seed, ...axes }, countPadding) => {
      const x = arrayOf([batch, axes.rows.extent, axes.columns.extent, channels], 'f32', seed);
      return expectAgreement('avgPool2d', { ...attrsOf(axes), countPadding }, [x], { relative: 1e-6, absolute: 1e-6 });
    });
    await fc.assert(check, { numRuns: 100 });
  });
});
