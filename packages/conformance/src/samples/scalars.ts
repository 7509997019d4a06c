// Where to try the functions of the scalar language: points at which they are smooth, one entry per function, so that a new function
// without points does not compile.
import type { Expr, scalar as language } from '@nn/core';
import { scalar } from '@nn/core';

type UnaryName = language.UnaryName;
type BinaryName = language.BinaryName;
type ComparisonName = language.ComparisonName;

/** An expression of one or two f32 inputs, and values for them. */
export interface ExpressionSample {
  readonly expression: (x: Expr, y: Expr) => Expr;
  readonly x: readonly number[];
  readonly y?: readonly number[];
}

/** No halves or integers, where rounding jumps. */
const anywhere = [-2.25, -0.75, 0.375, 1.4375, 3.25];
const aboveZero = [0.0625, 0.5, 1.25, 7.5];
const other = [0.625, -1.75, 2.25, -0.5, 1.125];

const unary = (name: UnaryName, x: readonly number[]): ExpressionSample => ({ expression: (e) => scalar.unary(name, e), x });
const binary = (name: BinaryName, x: readonly number[] = anywhere, y: readonly number[] = other): ExpressionSample => ({
  expression: (a, b) => scalar.binary(name, a, b),
  x,
  y,
});
/** A bool expression chooses between two functions, so that it has a say in the derivative. */
const choice = (condition: (x: Expr, y: Expr) => Expr): ExpressionSample => ({
  expression: (a, b) => scalar.select(condition(a, b), scalar.mul(a, scalar.sin(b)), scalar.add(scalar.exp(a), b)),
  x: anywhere,
  y: other,
});
const comparison = (name: ComparisonName): ExpressionSample => choice((a, b) => scalar.compare(name, a, b));

export const unarySamples = {
  neg: unary('neg', anywhere),
  abs: unary('abs', anywhere),
  sign: unary('sign', anywhere),
  floor: unary('floor', anywhere),
  ceil: unary('ceil', anywhere),
  round: unary('round', anywhere),
  sqrt: unary('sqrt', aboveZero),
  reciprocalSqrt: unary('reciprocalSqrt', aboveZero),
  exp: unary('exp', anywhere),
  expm1: unary('expm1', [...anywhere, 1e-5]),
  log: unary('log', aboveZero),
  log1p: unary('log1p', [-0.5, 1e-5, ...aboveZero]),
  sin: unary('sin', anywhere),
  cos: unary('cos', anywhere),
  tanh: unary('tanh', anywhere),
  sigmoid: unary('sigmoid', anywhere),
  erf: unary('erf', anywhere),
  not: choice((a, b) => scalar.not(scalar.less(a, b))),
} as const satisfies Record<UnaryName, ExpressionSample>;

export const binarySamples = {
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  mod: binary('mod'),
  pow: binary('pow', aboveZero, [2.5, -1.25, 3, 0.5]),
  max: binary('max'),
  min: binary('min'),
  and: choice((a, b) => scalar.and(scalar.less(a, b), scalar.greater(a, -1))),
  or: choice((a, b) => scalar.or(scalar.less(a, b), scalar.greater(a, 1))),
} as const satisfies Record<BinaryName, ExpressionSample>;

export const comparisonSamples = {
  less: comparison('less'),
  lessEqual: comparison('lessEqual'),
  greater: comparison('greater'),
  greaterEqual: comparison('greaterEqual'),
  equal: comparison('equal'),
  notEqual: comparison('notEqual'),
} as const satisfies Record<ComparisonName, ExpressionSample>;

const activation = (expression: (x: Expr) => Expr): ExpressionSample => ({ expression, x: [-30, ...anywhere, 30] });

/** Expressions made of several functions. */
export const composedSamples: Readonly<Record<string, ExpressionSample>> = {
  relu: activation(scalar.relu),
  leakyRelu: activation((x) => scalar.leakyRelu(x, 0.1)),
  elu: activation((x) => scalar.elu(x, 1.5)),
  selu: activation(scalar.selu),
  softplus: activation(scalar.softplus),
  silu: activation(scalar.silu),
  gelu: activation(scalar.gelu),
  geluTanh: activation(scalar.geluTanh),
  'the square of one input': { expression: (x) => scalar.mul(x, x), x: anywhere },
  'a power with a fixed exponent': { expression: (x) => scalar.pow(x, 3), x: anywhere },
  'a cast, which has no gradient': {
    expression: (x, y) => scalar.mul(scalar.cast(scalar.cast(x, 'i32'), 'f32'), y),
    x: anywhere,
    y: other,
  },
  'shared parts': {
    expression: (x, y) => {
      const e = scalar.exp(scalar.mul(x, y));
      return scalar.div(e, scalar.add(1, scalar.mul(e, e)));
    },
    x: anywhere,
    y: other,
  },
};
