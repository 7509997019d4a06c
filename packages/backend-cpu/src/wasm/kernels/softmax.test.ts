// Softmax along any axis and the cross-entropy of rows, at logits as large as they come.
import { NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, cpu, expectAgreement, indicesOf, seeds } from '../../testing/compare.ts';

const close = { relative: 2e-6, absolute: 2e-7 };
const lines = fc.array(fc.constantFrom(1, 2, 3, 10), { minLength: 1, maxLength: 3 });
const extreme = new NdArray(
  new Float32Array([1e30, -1e30, 0, 3e38, -3e38, 3e38, -Infinity, 0, 1, Number.NaN, 0, 1, 0, 0, 0]),
  [5, 3],
  'f32',
);

describe('softmax and logSoftmax', () => {
  it.each(['softmax', 'logSoftmax'])('%s agrees with its decomposition along any axis', async (op) => {
    const cases = lines.chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1), seeds));
    const check = fc.asyncProperty(cases, ([shape, axis, seed]) => expectAgreement(op, { axis }, [arrayOf(shape, 'f32', seed)], close));
    await fc.assert(check, { numRuns: 60 });
  });

  it.each(['softmax', 'logSoftmax'])('%s of extreme logits', async (op) => {
    await expectAgreement(op, { axis: 1 }, [extreme], close);
  });

  it('a row of −∞ alone gives NaN', async () => {
    const [y] = await call(cpu, 'softmax', { axis: 1 }, [new NdArray(new Float32Array([-Infinity, -Infinity]), [1, 2], 'f32')]);
    expect(y!.toArray()).toEqual([[Number.NaN, Number.NaN]]);
  });

  it('of an empty batch is empty', async () => {
    await expectAgreement('softmax', { axis: 1 }, [arrayOf([0, 4], 'f32', 1)]);
  });
});

describe('softmaxCrossEntropy', () => {
  const smoothing = fc.constantFrom(0, 0.1, 1);

  it('of class indices, those out of range included', async () => {
    const check = fc.asyncProperty(
      fc.nat(5),
      fc.integer({ min: 1, max: 6 }),
      smoothing,
      seeds,
      async (rows, classes, labelSmoothing, seed) => {
        const logits = arrayOf([rows, classes], 'f32', seed);
        const target = indicesOf(rows, classes, seed);
        await expectAgreement('softmaxCrossEntropy', { labelSmoothing }, [logits, target], { relative: 2e-6, absolute: 1e-6 });
        const gradientInputs = [arrayOf([rows, classes], 'f32', seed + 1), target, arrayOf([rows], 'f32', seed + 2)];
        await expectAgreement('softmaxCrossEntropyGradient', { labelSmoothing }, gradientInputs, { relative: 2e-6, absolute: 1e-6 });
      },
    );
    await fc.assert(check, { numRuns: 60 });
  });

  it('of soft labels', async () => {
    const check = fc.asyncProperty(
      fc.nat(5),
      fc.integer({ min: 1, max: 6 }),
      smoothing,
      seeds,
      async (rows, classes, labelSmoothing, seed) => {
        const inputs = [arrayOf([rows, classes], 'f32', seed), arrayOf([rows, classes], 'f32', seed + 1)];
        await expectAgreement('softmaxCrossEntropy', { labelSmoothing }, inputs, { relative: 2e-6, absolute: 2e-6 });
        const gradientInputs = [...inputs, arrayOf([rows], 'f32', seed + 2)];
        await expectAgreement('softmaxCrossEntropyGradient', { labelSmoothing }, gradientInputs, { relative: 2e-6, absolute: 2e-6 });
      },
    );
    await fc.assert(check, { numRuns: 60 });
  });

  it('is finite for logits of 1e30 and leaves out impossible classes', async () => {
    const [loss] = await call(cpu, 'softmaxCrossEntropy', { labelSmoothing: 0 }, [
      extreme,
      new NdArray(new Int32Array([1, 0, 1, 0, 2]), [5], 'i32'),
    ]);
    expect(loss!.toArray()).toEqual([
      Math.fround(2e30),
      Math.fround(Math.log(2)),
      expect.closeTo(Math.log(1 + Math.E), 6),
      Number.NaN,
      expect.closeTo(Math.log(3), 6),
    ]);
  });
});
