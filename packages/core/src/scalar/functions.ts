// What every function of the language means, as a function of JavaScript numbers. The keys of an entry are the types it takes.
// f32 functions are given in float64; a float32 evaluation rounds each result once. bool is 0 or 1.
import { erf } from './erf.ts';
import type { BinaryName, ComparisonName, ScalarType, UnaryName } from './types.ts';

export type UnaryFunction = (x: number) => number;
export type BinaryFunction = (a: number, b: number) => number;

/** One meaning per operand type; a type that is absent is not taken. */
export type Overloads<Meaning> = { readonly [Type in ScalarType]?: Meaning };

export const unaryFunctions = {
  neg: { f32: (x) => -x, i32: (x) => -x | 0 },
  abs: { f32: Math.abs, i32: (x) => Math.abs(x) | 0 },
  sign: { f32: Math.sign, i32: Math.sign },
  floor: { f32: Math.floor },
  ceil: { f32: Math.ceil },
  round: { f32: roundHalfToEven },
  sqrt: { f32: Math.sqrt },
  reciprocalSqrt: { f32: (x) => 1 / Math.sqrt(x) },
  exp: { f32: Math.exp },
  expm1: { f32: Math.expm1 },
  log: { f32: Math.log },
  log1p: { f32: Math.log1p },
  sin: { f32: Math.sin },
  cos: { f32: Math.cos },
  tanh: { f32: Math.tanh },
  sigmoid: { f32: (x) => 1 / (1 + Math.exp(-x)) },
  erf: { f32: erf },
  not: { bool: (x) => x ^ 1 },
} as const satisfies Record<UnaryName, Overloads<UnaryFunction>>;

export const binaryFunctions = {
  add: { f32: (a, b) => a + b, i32: (a, b) => (a + b) | 0 },
  sub: { f32: (a, b) => a - b, i32: (a, b) => (a - b) | 0 },
  mul: { f32: (a, b) => a * b, i32: Math.imul },
  div: { f32: (a, b) => a / b, i32: (a, b) => (a / b) | 0 },
  mod: { f32: floorModulo, i32: integerFloorModulo },
  pow: { f32: power },
  // Not Math.max itself, which takes any number of arguments: evaluators call every function with three.
  max: { f32: (a, b) => Math.max(a, b), i32: (a, b) => Math.max(a, b) },
  min: { f32: (a, b) => Math.min(a, b), i32: (a, b) => Math.min(a, b) },
  and: { bool: (a, b) => a & b },
  or: { bool: (a, b) => a | b },
} as const satisfies Record<BinaryName, Overloads<BinaryFunction>>;

const onNumbers = (compare: BinaryFunction): Record<'f32' | 'i32', BinaryFunction> => ({ f32: compare, i32: compare });
const onAll = (compare: BinaryFunction): Record<ScalarType, BinaryFunction> => ({ ...onNumbers(compare), bool: compare });

export const comparisonFunctions = {
  less: onNumbers((a, b) => Number(a < b)),
  lessEqual: onNumbers((a, b) => Number(a <= b)),
  greater: onNumbers((a, b) => Number(a > b)),
  greaterEqual: onNumbers((a, b) => Number(a >= b)),
  equal: onAll((a, b) => Number(a === b)),
  notEqual: onAll((a, b) => Number(a !== b)),
} as const satisfies Record<ComparisonName, Overloads<BinaryFunction>>;

/** Conversions to each type, from any of them. */
export const castFunctions = {
  f32: (x) => x,
  i32: saturatingTruncate,
  bool: (x) => Number(x !== 0),
} as const satisfies Record<ScalarType, UnaryFunction>;

/** Whether a type holds a value exactly; f32 constants keep float64 precision until they are evaluated. */
export const holds = {
  f32: (value) => typeof value === 'number',
  i32: (value) => value === (value | 0),
  bool: (value) => value === 0 || value === 1,
} as const satisfies Record<ScalarType, (value: number) => boolean>;

/** To the nearest integer, halves to the even one; the sign of a zero is kept. */
export function roundHalfToEven(x: number): number {
  return x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/** a − b·⌊a/b⌋ without its rounding errors, as Python's `%` has it: the result, zero included, has the sign of `b`. */
export function floorModulo(a: number, b: number): number {
  const remainder = a % b;
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 === b < 0 ? remainder : remainder + b;
}

/** The same on 32-bit integers; 0 for a divisor of 0. */
export function integerFloorModulo(a: number, b: number): number {
  const remainder = (a % b) | 0;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** aᵇ as IEEE 754 has it (1 to any power is 1, −1 to an infinite power is 1), with squares rounded once. */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** Toward zero; beyond the range the nearest 32-bit integer, NaN to 0. */
export function saturatingTruncate(x: number): number {
  return Math.min(Math.max(x, -(2 ** 31)), 2 ** 31 - 1) | 0;
}
