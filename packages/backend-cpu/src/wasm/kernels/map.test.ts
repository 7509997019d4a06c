// `map` over operands that stretch in every way; what expressions compute is tested with the expressions.
import { scalar } from '@nn/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { arrayOf, expectAgreement, seeds, shapes } from '../../testing/compare.ts';

/** A target shape and, per operand, which of its axes have extent 1; `null` is a scalar. */
const stretches = shapes(1, 4).chain((shape) => {
  const operand = fc.option(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }));
  return fc.tuple(fc.constant(shape), fc.tuple(operand, operand));
});

describe('map', () => {
  const [a, b, c] = [scalar.input(0, 'f32'), scalar.input(1, 'f32'), scalar.input(2, 'f32')];

  it('stretches operands, special values included', async () => {
    const expression = scalar.select(scalar.less(a, b), scalar.max(b, c), scalar.neg(scalar.min(a, c)));
    const check = fc.asyncProperty(stretches, seeds, ([shape, operands], seed) => {
      const stretched = operands.map((ones, index) =>
        arrayOf(ones === null ? [] : shape.map((extent, axis) => (ones[axis] ? 1 : extent)), 'f32', seed + index, true),
      );
      return expectAgreement('map', { expression }, [arrayOf(shape, 'f32', seed + 9, true), ...stretched]);
    });
    await fc.assert(check, { numRuns: 100 });
  });

  it('reads bytes, integers and booleans, and writes each of them', async () => {
    const byte = scalar.input(0, 'f32');
    const integer = scalar.input(1, 'i32');
    const flag = scalar.input(2, 'bool');
    const expressions = [
      scalar.select(flag, byte, scalar.cast(scalar.constant(3, 'i32'), 'f32')),
      scalar.select(flag, scalar.mul(integer, integer), scalar.sub(integer, 7)),
      scalar.or(scalar.not(flag), scalar.greater(byte, 100)),
    ];
    const check = fc.asyncProperty(shapes(1, 3), seeds, fc.constantFrom(...expressions), (shape, seed, expression) => {
      return expectAgreement('map', { expression }, [
        arrayOf(shape, 'u8', seed),
        arrayOf(shape, 'i32', seed),
        arrayOf(shape, 'bool', seed),
      ]);
    });
    await fc.assert(check, { numRuns: 60 });
  });

  it('crosses the borders of blocks', async () => {
    const expression = scalar.add(scalar.mul(a, 0.5), b);
    for (const shape of [
      [3, 1500],
      [1500, 3],
      [2, 1024],
      [1, 5000],
    ]) {
      await expectAgreement('map', { expression }, [arrayOf(shape, 'f32', 1), arrayOf([1, shape[1]!], 'f32', 2)], {
        relative: 1e-6,
        absolute: 3e-7,
      });
      await expectAgreement('map', { expression }, [arrayOf(shape, 'f32', 1), arrayOf([shape[0]!, 1], 'f32', 2)], {
        relative: 1e-6,
        absolute: 3e-7,
      });
    }
  });
});
