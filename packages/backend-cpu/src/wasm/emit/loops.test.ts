// Where elements are read and written: stretched inputs, threads, ends of rows and of buffers, results in place of inputs.
import { NdArray, alignRight, scalar, sizeOf, stretchedStrides } from '@nn/core';
import type { DType, Expr, Shape } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepare, runMaps } from './testing/runner.ts';

const inputDTypes: readonly DType[] = ['f32', 'u8', 'i32', 'bool'];

function arrayOf(shape: Shape, dtype: DType, seed: number): NdArray {
  const length = sizeOf(shape);
  const value = (index: number): number => Math.sin((index + 1) * (seed + 1) * 12.9898) * 100;
  const fill = <T extends Float32Array | Int32Array | Uint8Array>(data: T, of: (index: number) => number): T => {
    for (let index = 0; index < length; index++) data[index] = of(index);
    return data;
  };
  switch (dtype) {
    case 'f32':
      return new NdArray(fill(new Float32Array(length), value), shape, dtype);
    case 'i32':
      return new NdArray(fill(new Int32Array(length), value), shape, dtype);
    case 'u8':
      return new NdArray(
        fill(new Uint8Array(length), (index) => Math.abs(value(index))),
        shape,
        dtype,
      );
    case 'bool':
      return new NdArray(
        fill(new Uint8Array(length), (index) => Number(value(index) > 0)),
        shape,
        dtype,
      );
  }
}

/** Element by element, with the position of every input computed from its coordinates. */
function naive(expressions: readonly Expr[], inputs: readonly NdArray[], shape: Shape): number[][] {
  const strides = inputs.map((input) => stretchedStrides(alignRight(input.shape, shape.length), shape));
  return expressions.map((expression) => {
    const evaluate = scalar.evaluator(expression, 'f32');
    return Array.from({ length: sizeOf(shape) }, (_, index) => {
      let rest = index;
      const coordinates = shape.toReversed().map((extent) => {
        const coordinate = rest % extent;
        rest = Math.floor(rest / extent);
        return coordinate;
      });
      const values = inputs.map(
        ({ data }, input) =>
          data[coordinates.toReversed().reduce((offset, coordinate, axis) => offset + coordinate * strides[input]![axis]!, 0)]!,
      );
      return evaluate(values);
    });
  });
}

/** Where two arrays differ; much faster than comparing them by `toEqual`. */
function firstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number | undefined {
  if (actual.length !== expected.length) return Math.min(actual.length, expected.length);
  for (let index = 0; index < actual.length; index++) if (!Object.is(actual[index], expected[index])) return index;
  return undefined;
}

const [f, byte, integer, flag] = [scalar.input(0, 'f32'), scalar.input(1, 'f32'), scalar.input(2, 'i32'), scalar.input(3, 'bool')];
/** One output of each type, from inputs of each type. */
const expressions: readonly Expr[] = [
  scalar.select(flag, scalar.add(f, byte), scalar.mul(f, 0.5)),
  scalar.add(integer, scalar.cast(byte, 'i32')),
  scalar.or(scalar.not(flag), scalar.less(f, byte)),
];

/** A shape and, for each input, which of its axes have extent 1; null is a scalar. */
const stretches = fc
  .array(fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 17, 33), { minLength: 0, maxLength: 4 })
  .chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...inputDTypes.map(() => fc.option(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })))),
    ),
  );

describe('loops', () => {
  it('stretch inputs of every type in every way', () => {
    const check = fc.property(stretches, ([shape, ones]) => {
      const inputs = inputDTypes.map((dtype, index) => {
        const isOne = ones[index]!;
        return arrayOf(isOne === null ? [] : shape.map((extent, axis) => (isOne[axis] ? 1 : extent)), dtype, index);
      });
      const prepared = prepare({ expressions, inputs, shape });
      prepared.run();
      expect(prepared.outputs.map((output) => [...output])).toEqual(naive(expressions, inputs, shape));
      expect(prepared.isPaddingIntact()).toBe(true);
    });
    fc.assert(check, { numRuns: 300 });
  });

  it.each([
    { shape: [70_001], bias: [70_001] },
    { shape: [300, 217], bias: [1, 217] },
    { shape: [217, 300], bias: [217, 1] },
    { shape: [50, 30, 41], bias: [50, 1, 41] },
    { shape: [7000, 10], bias: [1, 10] },
    { shape: [5], bias: [] },
  ])('give the same bits on any number of threads: $shape with $bias', ({ shape, bias }) => {
    const inputs = inputDTypes.map((dtype, index) => arrayOf(dtype === 'f32' ? bias : shape, dtype, index));
    const withMath = [...expressions, scalar.tanh(scalar.mul(scalar.add(f, byte), 0.01))];
    const [alone, ...others] = [1, 2, 3, 4].map((threads) => {
      const prepared = prepare({ expressions: withMath, inputs, shape, threads });
      prepared.run();
      expect(prepared.isPaddingIntact()).toBe(true);
      return prepared.outputs;
    });
    naive(expressions, inputs, shape).forEach((expected, output) => expect(firstDifference(alone![output]!, expected)).toBeUndefined());
    for (const other of others) other.forEach((array, output) => expect(firstDifference(array, alone![output]!)).toBeUndefined());
  });

  it.each([1, 2, 3])('write only what is theirs: %i threads share out all elements', (threads) => {
    const size = 40_000;
    const x = new NdArray(new Float32Array(size), [size], 'f32');
    const { outputs, run } = prepare({ expressions: [scalar.add(f, 1)], inputs: [x], shape: [size], threads, inPlace: { 0: 0 } });
    run();
    // An element that two threads computed would be 2.
    expect(outputs[0]!.every((value) => value === 1)).toBe(true);
  });

  it('write results in place of an input', () => {
    const inputs = [arrayOf([3, 37], 'f32', 1), arrayOf([1, 37], 'f32', 2)];
    const [a, b] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];
    const sum = [scalar.add(a, b), scalar.sub(a, b)];
    const prepared = prepare({ expressions: sum, inputs, shape: [3, 37], inPlace: { 0: 0 } });
    prepared.run();
    expect(prepared.outputs.map((output) => [...output])).toEqual(naive(sum, inputs, [3, 37]));
  });

  it('fill arrays from constants and scalars alone', () => {
    const [ones, scalars] = runMaps({
      expressions: [scalar.constant(1), scalar.exp(f)],
      inputs: [new NdArray(Float32Array.of(0), [], 'f32')],
      shape: [3, 7],
    });
    expect([...ones!.data, ...scalars!.data].every((value) => value === 1)).toBe(true);
  });

  it('do nothing for arrays without elements', () => {
    const prepared = prepare({ expressions, inputs: inputDTypes.map((dtype) => arrayOf([0, 5], dtype, 0)), shape: [0, 5], threads: 2 });
    prepared.run();
    expect(prepared.isPaddingIntact()).toBe(true);
  });
});
