// Reductions over any axes, and sums that lose nothing.
import { full } from '@nn/core';
import type { ReduceKind } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, cpu, expectAgreement, magnitudes, reference, seeds, shapes, someAxes } from '../../testing/compare.ts';

const cases = shapes(1, 4).chain((shape) => fc.tuple(fc.constant(shape), someAxes(shape.length), seeds, fc.boolean()));
const options = { numRuns: 60 };

describe('reduce', () => {
  it('sums of finite numbers are rounded once', async () => {
    const check = fc.asyncProperty(cases, async ([shape, axes, seed]) => {
      const x = arrayOf(shape, 'f32', seed);
      const [scale] = await call(reference, 'reduce', { kind: 'sum', axes }, [magnitudes(x)]);
      await expectAgreement('reduce', { kind: 'sum', axes }, [x], { relative: 2 ** -23, scale: scale! });
    });
    await fc.assert(check, options);
  });

  it.each(['sum', 'prod', 'max', 'min'] as const)('%s of special values', async (kind: ReduceKind) => {
    const check = fc.asyncProperty(cases, async ([shape, axes, seed]) => {
      if ((kind === 'max' || kind === 'min') && axes.some((axis) => shape[axis] === 0)) return;
      // The two products and sums meet overflow and subnormals at other places, so only exact kinds see all special values.
      const x = arrayOf(shape, 'f32', seed, kind === 'max' || kind === 'min');
      await expectAgreement('reduce', { kind, axes }, [x], { relative: 1e-6, absolute: 1e-6 });
    });
    await fc.assert(check, options);
  });

  it('sums of NaN and infinities', async () => {
    const values = fc.array(fc.constantFrom(1, -2, Number.NaN, Infinity, -Infinity), { minLength: 1, maxLength: 20 });
    const check = fc.asyncProperty(values, async (list) => {
      const x = arrayOf([list.length], 'f32', 0);
      x.data.set(list);
      await expectAgreement('reduce', { kind: 'sum', axes: [0] }, [x]);
    });
    await fc.assert(check, options);
  });

  it.each(['sum', 'prod', 'max', 'min'] as const)('%s of integers wraps exactly', async (kind: ReduceKind) => {
    const check = fc.asyncProperty(cases, async ([shape, axes, seed]) => {
      if ((kind === 'max' || kind === 'min') && axes.some((axis) => shape[axis] === 0)) return;
      await expectAgreement('reduce', { kind, axes }, [arrayOf(shape, 'i32', seed)]);
    });
    await fc.assert(check, options);
  });

  it('ten million ones are ten million, along either axis', async () => {
    const count = 10_000_000;
    expect((await call(cpu, 'reduce', { kind: 'sum', axes: [0] }, [full([count], 1)]))[0]!.item()).toBe(count);
    const columns = await call(cpu, 'reduce', { kind: 'sum', axes: [0] }, [full([count / 4, 4], 1)]);
    expect([...columns[0]!.data]).toEqual([count / 4, count / 4, count / 4, count / 4]);
  });

  it('a long sum of tenths has the error of its terms only', async () => {
    const [total] = await call(cpu, 'reduce', { kind: 'sum', axes: [0] }, [full([2000], 0.1)]);
    expect(total!.item()).toBe(Math.fround(2000 * Math.fround(0.1)));
  });
});
