// Random expressions and inputs for property tests.
import fc from 'fast-check';
import { binary, cast, compare, constant, input, select, unary } from '../build.ts';
import { binaryFunctions, comparisonFunctions, unaryFunctions } from '../functions.ts';
import type { BinaryName, ComparisonName, Expr, ScalarType, UnaryName } from '../types.ts';

export const scalarTypes: readonly ScalarType[] = ['f32', 'i32', 'bool'];
export const unaryNames = Object.keys(unaryFunctions) as UnaryName[];
export const binaryNames = Object.keys(binaryFunctions) as BinaryName[];
export const comparisonNames = Object.keys(comparisonFunctions) as ComparisonName[];

/** The types a function takes. */
export const typesOf = (overloads: object): ScalarType[] => Object.keys(overloads) as ScalarType[];

const specialFloats = [NaN, 0, -0, Infinity, -Infinity, 1, -1, 2, 0.5, -0.5, 1.5, 2.5, 100, -100, 1e-40, 3e38];
const specialIntegers = [0, 1, -1, 2, 2 ** 31 - 1, -(2 ** 31)];

/** One element of each type, NaN, infinities, zeros of either sign and ends of ranges among them. */
export const values: Readonly<Record<ScalarType, fc.Arbitrary<number>>> = {
  f32: fc.oneof(fc.constantFrom(...specialFloats), fc.float(), fc.float({ min: -4, max: 4 })),
  i32: fc.oneof(fc.constantFrom(...specialIntegers), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -9, max: 9 })),
  bool: fc.constantFrom(0, 1),
};

/** The types of the inputs that {@link expressions} read, by index. */
export const inputTypes: readonly ScalarType[] = ['f32', 'f32', 'i32', 'i32', 'bool', 'bool'];

/** Values for the inputs that {@link expressions} read. */
export const inputValues: fc.Arbitrary<number[]> = fc.tuple(...inputTypes.map((type) => values[type]));

/** Builds one node from operands; `pick` gives an operand of a type, from those that exist so far. */
type Recipe = (pick: (type: ScalarType) => Expr) => Expr;

const recipes: readonly Recipe[] = [
  ...unaryNames.flatMap((name) =>
    typesOf(unaryFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          unary(name, pick(type)),
    ),
  ),
  ...binaryNames.flatMap((name) =>
    typesOf(binaryFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          binary(name, pick(type), pick(type)),
    ),
  ),
  ...comparisonNames.flatMap((name) =>
    typesOf(comparisonFunctions[name]).map(
      (type): Recipe =>
        (pick) =>
          compare(name, pick(type), pick(type)),
    ),
  ),
  ...scalarTypes.map(
    (type): Recipe =>
      (pick) =>
        select(pick('bool'), pick(type), pick(type)),
  ),
  ...scalarTypes.flatMap((from) =>
    scalarTypes
      .filter((to) => to !== from)
      .map(
        (to): Recipe =>
          (pick) =>
            cast(pick(from), to),
      ),
  ),
];

const constants = fc.oneof(...scalarTypes.map((type) => values[type].map((value) => constant(value, type))));

/** Expressions over {@link inputTypes} with every kind of node, constants and shared parts. */
export const expressions: fc.Arbitrary<Expr> = fc
  .record({
    literals: fc.array(constants, { maxLength: 4 }),
    nodes: fc.array(
      fc.record({ recipe: fc.constantFrom(...recipes), picks: fc.array(fc.nat({ max: 20 }), { minLength: 3, maxLength: 3 }) }),
      {
        minLength: 1,
        maxLength: 24,
      },
    ),
  })
  .map(({ literals, nodes }) => {
    const pool: Expr[] = [...inputTypes.map((type, index) => input(index, type)), ...literals];
    for (const { recipe, picks } of nodes) {
      const remaining = [...picks];
      pool.push(
        recipe((type) => {
          const candidates = pool.filter((expression) => expression.type === type);
          // Counted from the newest, so that small picks make deep expressions.
          return candidates.at(-1 - (remaining.pop()! % candidates.length))!;
        }),
      );
    }
    return pool.at(-1)!;
  });
