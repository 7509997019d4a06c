// Typed constructors of expressions, one per node and per function of the language.
import { DTypeError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { BinaryFunction, Overloads, UnaryFunction } from './functions.ts';
import { binaryFunctions, comparisonFunctions, holds, unaryFunctions } from './functions.ts';
import type { BinaryName, ComparisonName, Expr, ScalarType, UnaryName } from './types.ts';

/** What a builder takes as an operand: a number becomes a constant of its partner's type, f32 where it has none. */
export type ScalarOperand = Expr | number;

/** The element that input `index` of the `map` has at this place. */
export function input(index: number, type: ScalarType): Expr {
  expectScalarType('input', type);
  if (!Number.isInteger(index) || index < 0) {
    throw new DTypeError(`input: ${index} is no index of an input; 0, 1, 2, … are.`);
  }
  return { kind: 'input', index, type };
}

/**
 * A constant.
 * @throws DTypeError when `type` cannot hold `value` exactly: a fraction as i32, anything but 0 and 1 as bool.
 */
export function constant(value: number, type: ScalarType = 'f32'): Expr {
  expectScalarType('constant', type);
  if (!holds[type](value)) throw new DTypeError(`constant: ${value} is no ${type} (${rangeOf[type]}). Nothing is cast silently.`);
  // An i32 or bool zero has no sign.
  return { kind: 'const', value: type === 'f32' ? value : value + 0, type };
}

const rangeOf = {
  f32: 'any number',
  i32: 'an integer from −2³¹ to 2³¹ − 1',
  bool: '0 or 1',
} as const satisfies Record<ScalarType, string>;

/** A function of one operand. @throws DTypeError when it does not take the operand's type. */
export function unary(name: UnaryName, x: ScalarOperand): Expr {
  const operand = lift(name, x, 'f32');
  expectOverload(name, unaryFunctions[name], operand.type);
  return { kind: 'unary', name, x: operand, type: operand.type };
}

/** A function of two operands of one type. @throws DTypeError when the types differ or the function does not take them. */
export function binary(name: BinaryName, a: ScalarOperand, b: ScalarOperand): Expr {
  const [left, right] = liftPair(name, a, b);
  expectOverload(name, binaryFunctions[name], left.type);
  return { kind: 'binary', name, a: left, b: right, type: left.type };
}

/** A comparison of two operands of one type, giving bool. @throws DTypeError when the types differ or cannot be compared. */
export function compare(name: ComparisonName, a: ScalarOperand, b: ScalarOperand): Expr {
  const [left, right] = liftPair(name, a, b);
  expectOverload(name, comparisonFunctions[name], left.type);
  return { kind: 'compare', name, a: left, b: right, type: 'bool' };
}

/** `a` where `condition` holds, else `b`; the one not chosen has no influence, be it NaN. @throws DTypeError for other types. */
export function select(condition: Expr, a: ScalarOperand, b: ScalarOperand): Expr {
  const chosen = lift('select', condition, 'bool');
  if (chosen.type !== 'bool') {
    throw new DTypeError(`select: the condition is ${chosen.type}, but bool is needed; compare first, as in greater(x, 0).`);
  }
  const [left, right] = liftPair('select', a, b);
  return { kind: 'select', condition: chosen, a: left, b: right, type: left.type };
}

/** `x` as another type: f32 to i32 truncates toward zero and saturates (NaN gives 0), to bool asks for ≠ 0 (NaN gives true). */
export function cast(x: ScalarOperand, type: ScalarType): Expr {
  expectScalarType('cast', type);
  const operand = lift('cast', x, 'f32');
  return operand.type === type ? operand : { kind: 'cast', x: operand, type };
}

type UnaryBuilder = (x: ScalarOperand) => Expr;
type BinaryBuilder = (a: ScalarOperand, b: ScalarOperand) => Expr;

export const neg: UnaryBuilder = (x) => unary('neg', x);
export const abs: UnaryBuilder = (x) => unary('abs', x);
/** −1, 0 or 1; NaN of NaN. */
export const sign: UnaryBuilder = (x) => unary('sign', x);
export const floor: UnaryBuilder = (x) => unary('floor', x);
export const ceil: UnaryBuilder = (x) => unary('ceil', x);
/** To the nearest integer, halves to the even one. */
export const round: UnaryBuilder = (x) => unary('round', x);
export const sqrt: UnaryBuilder = (x) => unary('sqrt', x);
/** 1/√x */
export const reciprocalSqrt: UnaryBuilder = (x) => unary('reciprocalSqrt', x);
export const exp: UnaryBuilder = (x) => unary('exp', x);
/** eˣ − 1, accurate near 0. */
export const expm1: UnaryBuilder = (x) => unary('expm1', x);
export const log: UnaryBuilder = (x) => unary('log', x);
/** log(1 + x), accurate near 0. */
export const log1p: UnaryBuilder = (x) => unary('log1p', x);
export const sin: UnaryBuilder = (x) => unary('sin', x);
export const cos: UnaryBuilder = (x) => unary('cos', x);
export const tanh: UnaryBuilder = (x) => unary('tanh', x);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: UnaryBuilder = (x) => unary('sigmoid', x);
/** The error function. */
export const erf: UnaryBuilder = (x) => unary('erf', x);
export const not: UnaryBuilder = (x) => unary('not', x);

export const add: BinaryBuilder = (a, b) => binary('add', a, b);
export const sub: BinaryBuilder = (a, b) => binary('sub', a, b);
export const mul: BinaryBuilder = (a, b) => binary('mul', a, b);
/** Quotient; on i32 it truncates toward zero and gives 0 for a divisor of 0. */
export const div: BinaryBuilder = (a, b) => binary('div', a, b);
/** a − b·⌊a/b⌋: the remainder with the sign of the divisor. */
export const mod: BinaryBuilder = (a, b) => binary('mod', a, b);
export const pow: BinaryBuilder = (a, b) => binary('pow', a, b);
/** The larger of two, NaN when either is; the derivative at ties goes to the first. */
export const max: BinaryBuilder = (a, b) => binary('max', a, b);
/** The smaller of two, NaN when either is; the derivative at ties goes to the first. */
export const min: BinaryBuilder = (a, b) => binary('min', a, b);
export const and: BinaryBuilder = (a, b) => binary('and', a, b);
export const or: BinaryBuilder = (a, b) => binary('or', a, b);

export const less: BinaryBuilder = (a, b) => compare('less', a, b);
export const lessEqual: BinaryBuilder = (a, b) => compare('lessEqual', a, b);
export const greater: BinaryBuilder = (a, b) => compare('greater', a, b);
export const greaterEqual: BinaryBuilder = (a, b) => compare('greaterEqual', a, b);
export const equal: BinaryBuilder = (a, b) => compare('equal', a, b);
/** The only comparison that is true for NaN. */
export const notEqual: BinaryBuilder = (a, b) => compare('notEqual', a, b);

// Callers in plain JavaScript pass what the types forbid: a dtype of storage here, a tensor below. Unchecked, it would be in the program.

function expectScalarType(name: string, type: ScalarType): void {
  if (Object.hasOwn(rangeOf, type)) return;
  throw new DTypeError(`${name}: ${type} is no scalar type; f32, i32 and bool are. (u8 is storage and is read as f32.)`);
}

function lift(name: string, operand: ScalarOperand, numbersAre: ScalarType): Expr {
  if (typeof operand === 'number') return constant(operand, numbersAre);
  if (typeof operand === 'object' && operand !== null && 'kind' in operand && 'type' in operand) return operand;
  throw new DTypeError(`${name}: an operand is ${valueText(operand)}, but a scalar expression or a number is needed.`);
}

function liftPair(name: string, a: ScalarOperand, b: ScalarOperand): readonly [Expr, Expr] {
  const partner = typeof a === 'number' ? (typeof b === 'number' ? undefined : b) : a;
  const numbersAre = partner?.type ?? 'f32';
  const pair = [lift(name, a, numbersAre), lift(name, b, numbersAre)] as const;
  if (pair[0].type !== pair[1].type) {
    throw new DTypeError(
      `${name}: the operands are ${pair[0].type} and ${pair[1].type}, but one type is needed. ` +
        `Nothing is cast silently; write cast(x, '${pair[0].type}').`,
    );
  }
  return pair;
}

function expectOverload(name: string, overloads: Overloads<UnaryFunction> | Overloads<BinaryFunction>, type: ScalarType): void {
  if (overloads[type] !== undefined) return;
  throw new DTypeError(`${name}: it takes ${Object.keys(overloads).join(' or ')}, but the operand is ${type}. Nothing is cast silently.`);
}
