// Ops that move elements are exact, for every dtype, shape and special value.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { arrayOf, dtypes, expectAgreement, indicesOf, seeds, shapes } from '../../testing/compare.ts';

const arrays = fc.tuple(shapes(1, 4), dtypes, seeds).map(([shape, dtype, seed]) => arrayOf(shape, dtype, seed, true));
const options = { numRuns: 40 };

describe('movement', () => {
  it('transpose', async () => {
    const cases = arrays.chain((x) =>
      fc.tuple(
        fc.constant(x),
        fc.shuffledSubarray(
          x.shape.map((_, axis) => axis),
          { minLength: x.shape.length },
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, ([x, order]) => expectAgreement('transpose', { order }, [x])),
      options,
    );
  });

  it('slice', async () => {
    const window = (extent: number) => fc.tuple(fc.nat(extent), fc.nat(extent), fc.integer({ min: 1, max: 3 }));
    const cases = arrays.chain((x) => fc.tuple(fc.constant(x), fc.tuple(...x.shape.map(window))));
    const check = fc.asyncProperty(cases, ([x, windows]) => {
      const attrs = {
        begin: windows.map(([a, b]) => Math.min(a, b)),
        end: windows.map(([a, b]) => Math.max(a, b)),
        step: windows.map(([, , step]) => step),
      };
      return expectAgreement('slice', attrs, [x]);
    });
    await fc.assert(check, options);
  });

  it('pad', async () => {
    const counts = (rank: number) => fc.array(fc.nat(2), { minLength: rank, maxLength: rank });
    const cases = arrays.chain((x) => fc.tuple(fc.constant(x), counts(x.shape.length), counts(x.shape.length), counts(x.shape.length)));
    const check = fc.asyncProperty(cases, ([x, low, high, interior]) => expectAgreement('pad', { low, high, interior, value: 1 }, [x]));
    await fc.assert(check, options);
  });

  it('concat', async () => {
    const cases = arrays.chain((x) => fc.tuple(fc.constant(x), fc.nat(x.shape.length - 1), fc.array(fc.nat(3), { maxLength: 3 }), seeds));
    const check = fc.asyncProperty(cases, ([x, axis, more, seed]) => {
      const others = more.map((extent, index) =>
        arrayOf(
          x.shape.map((old, i) => (i === axis ? extent : old)),
          x.dtype,
          seed + index,
        ),
      );
      return expectAgreement('concat', { axis }, [x, ...others]);
    });
    await fc.assert(check, options);
  });

  it('gather, indices out of range included', async () => {
    const cases = arrays.chain((x) => fc.tuple(fc.constant(x), fc.nat(x.shape.length - 1), fc.nat(6), seeds));
    const check = fc.asyncProperty(cases, ([x, axis, count, seed]) =>
      expectAgreement('gather', { axis }, [x, indicesOf(count, x.shape[axis]!, seed)]),
    );
    await fc.assert(check, options);
  });

  it('scatterAdd, indices out of range included', async () => {
    const cases = fc.tuple(shapes(1, 3), seeds, fc.boolean()).chain(([shape, seed, specials]) => {
      return fc.tuple(fc.constant(arrayOf(shape, 'f32', seed, specials)), fc.nat(shape.length - 1), fc.nat(5), seeds);
    });
    const check = fc.asyncProperty(cases, ([x, axis, extent, seed]) =>
      expectAgreement('scatterAdd', { axis, extent }, [x, indicesOf(x.shape[axis]!, extent, seed)], { relative: 1e-6, absolute: 1e-5 }),
    );
    await fc.assert(check, options);
  });

  it('iota', async () => {
    const cases = shapes(1, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));
    await fc.assert(
      fc.asyncProperty(cases, ([shape, axis]) => expectAgreement('iota', { shape, axis }, [])),
      options,
    );
  });

  it('uniform', async () => {
    const cases = fc.tuple(shapes(0, 3), fc.nat(3), seeds);
    const check = fc.asyncProperty(cases, ([shape, number, seed]) => {
      return expectAgreement('uniform', { shape, path: 'dropout1', call: number }, [
        arrayOf([], 'i32', seed),
        arrayOf([], 'i32', seed + 1),
      ]);
    });
    await fc.assert(check, options);
  });
});
