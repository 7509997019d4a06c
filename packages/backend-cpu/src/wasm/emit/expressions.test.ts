// What expressions compute: the table of semantics, and random expressions against their definition.
import { NdArray, scalar } from '@nn/core';
import type { DType, Expr, ScalarType, TypedArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runMaps, variants } from './testing/runner.ts';

const arrayOf: Readonly<Record<ScalarType, (values: readonly number[]) => TypedArray>> = {
  f32: (values) => Float32Array.from(values),
  i32: (values) => Int32Array.from(values),
  bool: (values) => Uint8Array.from(values),
};

describe('the table of semantics', () => {
  it.each(scalar.semanticsCases().map((fact) => [fact.name, fact] as const))('%s', (_, { expression, inputs, expected }) => {
    const types = new Map(scalar.inputsOf(expression).map(({ index, type }) => [index, type]));
    const arrays = inputs.map((value, index) => {
      const type = types.get(index) ?? 'f32';
      return new NdArray(arrayOf[type]([value, value, value, value, value]), [5], type);
    });
    for (const options of variants) {
      const [result] = runMaps({ expressions: [expression], inputs: arrays, shape: [5] }, options);
      expect([...result!.data]).toEqual([expected, expected, expected, expected, expected]);
    }
  });
});

/** Functions whose f32 result is the exact one, rounded: results must agree to the last bit. */
const exactUnary = ['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'sqrt', 'not'] as const;
const exactBinary = ['add', 'sub', 'mul', 'div', 'mod', 'max', 'min', 'and', 'or'] as const;
const comparisons = ['less', 'lessEqual', 'greater', 'greaterEqual', 'equal', 'notEqual'] as const;
const types = ['f32', 'i32', 'bool'] as const;

const values: Readonly<Record<ScalarType, fc.Arbitrary<number>>> = {
  f32: fc.oneof(
    fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1, -1, 0.5, 2.5, 100, 1e-40, 3e38, 2 ** 31),
    fc.float(),
    fc.float({ min: -4, max: 4 }),
  ),
  i32: fc.oneof(fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer(), fc.integer({ min: -9, max: 9 })),
  bool: fc.constantFrom(0, 1),
};

const inputTypes: readonly DType[] = ['f32', 'f32', 'i32', 'i32', 'bool', 'u8'];
const inputValues = (length: number): fc.Arbitrary<NdArray[]> =>
  fc.tuple(
    ...inputTypes.map((dtype) => {
      const value = dtype === 'u8' ? fc.nat(255) : values[dtype];
      const convert = dtype === 'u8' ? (list: readonly number[]): TypedArray => Uint8Array.from(list) : arrayOf[dtype];
      return fc.array(value, { minLength: length, maxLength: length }).map((list) => new NdArray(convert(list), [length], dtype));
    }),
  );

type Recipe = (pick: (type: ScalarType) => Expr) => Expr;

const recipes: readonly Recipe[] = [
  ...exactUnary.flatMap((name) =>
    typesOf(scalar.unaryFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          scalar.unary(name, pick(type)),
    ),
  ),
  ...exactBinary.flatMap((name) =>
    typesOf(scalar.binaryFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          scalar.binary(name, pick(type), pick(type)),
    ),
  ),
  ...comparisons.flatMap((name) =>
    typesOf(scalar.comparisonFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          scalar.compare(name, pick(type), pick(type)),
    ),
  ),
  ...types.map(
    (type): Recipe =>
      (pick) =>
        scalar.select(pick('bool'), pick(type), pick(type)),
  ),
  ...types.flatMap((from) =>
    types.map(
      (to): Recipe =>
        (pick) =>
          scalar.cast(pick(from), to),
    ),
  ),
];

function typesOf(overloads: object): ScalarType[] {
  return Object.keys(overloads) as ScalarType[];
}

const expressions: fc.Arbitrary<Expr> = fc
  .record({
    literals: fc.array(fc.oneof(...types.map((type) => values[type].map((value) => scalar.constant(value, type)))), { maxLength: 4 }),
    nodes: fc.array(fc.tuple(fc.constantFrom(...recipes), fc.array(fc.nat(20), { minLength: 3, maxLength: 3 })), {
      minLength: 1,
      maxLength: 24,
    }),
  })
  .map(({ literals, nodes }) => {
    const inputs = inputTypes.map((dtype, index) => scalar.input(index, dtype === 'u8' ? 'f32' : dtype));
    const pool: Expr[] = [...inputs, ...literals];
    for (const [recipe, picks] of nodes) {
      const remaining = [...picks];
      pool.push(
        recipe((type) => {
          const candidates = pool.filter((expression) => expression.type === type);
          return candidates.at(-1 - (remaining.pop()! % candidates.length))!;
        }),
      );
    }
    return pool.at(-1)!;
  });

describe('random expressions', () => {
  it('have the values of their definition, to the last bit', () => {
    const check = fc.property(expressions, fc.integer({ min: 1, max: 37 }).chain(inputValues), (expression, inputs) => {
      const shape = inputs[0]!.shape;
      const evaluate = scalar.evaluator(expression, 'f32');
      const expected = Array.from({ length: shape[0]! }, (_, index) => evaluate(inputs.map(({ data }) => data[index]!)));
      for (const options of variants)
        expect([...runMaps({ expressions: [expression], inputs, shape }, options)[0]!.data]).toEqual(expected);
    });
    fc.assert(check, { numRuns: 400 });
  });

  it('may be long and deep', () => {
    let expression = scalar.input(0, 'f32');
    for (let step = 0; step < 3000; step++) expression = scalar.add(scalar.mul(expression, 0.5), step % 7);
    const x = new NdArray(Float32Array.of(1, -2, 3), [3], 'f32');
    const [actual] = runMaps({ expressions: [expression], inputs: [x], shape: [3] });
    expect([...actual!.data]).toEqual([...x.data].map((value) => scalar.evaluate(expression, [value], 'f32')));
  });
});
