// Elementwise authoring functions: each is one `map` with a scalar expression, its operands aligned from the right.
import type { DType } from '../array/dtype.ts';
import { DTypeError } from '../errors/errors.ts';
import type { Operand, Tensor } from '../program/tensor.ts';
import * as scalar from '../scalar/index.ts';
import type { Expr, ScalarType } from '../scalar/types.ts';
import { shapeOf } from './expect.ts';
import { emit, scalarTypeOf } from './instructions.ts';
import { withRank } from './stretch.ts';

/**
 * A new elementwise function from a scalar expression: `elementwise((x) => scalar.select(scalar.less(x, 0), 0, x), t)`.
 * Shapes align from the right and axes of size 1 stretch, as in NumPy. A number takes the type of the first tensor.
 *
 * @param build gets one expression per operand and returns the expression of the result
 * @throws ShapeError when the shapes do not fit, DTypeError when the types do not
 */
export function elementwise<const Operands extends readonly Operand[]>(
  build: (...operands: { [K in keyof Operands]: Expr }) => Expr,
  ...operands: Operands
): Tensor {
  return elementwiseOf('elementwise', build as Build, operands);
}

type Build = (...operands: Expr[]) => Expr;

/** @param op the function that was called, for messages @param alike those operands whose numbers take the type of their first tensor */
function elementwiseOf(op: string, build: Build, operands: readonly Operand[], alike: readonly Operand[] = operands): Tensor {
  const tensors = operands.filter((operand) => typeof operand !== 'number');
  const rank = Math.max(0, ...tensors.map((tensor) => shapeOf(op, tensor).length));
  const numbersAre = numberTypeFor(alike);
  let index = 0;
  const expressions = operands.map((operand) =>
    typeof operand === 'number' ? numberAs(operand, numbersAre) : scalar.input(index++, scalarTypeOf[operand.dtype]),
  );
  const expression = scalar.simplify(build(...expressions));
  return emit(
    'map',
    tensors.map((tensor) => withRank(tensor, rank)),
    { expression },
  );
}

/** The type that numbers among the operands take: that of the first tensor. */
function numberTypeFor(operands: readonly Operand[]): ScalarType {
  const tensor = operands.find((operand) => typeof operand !== 'number');
  return tensor === undefined ? 'f32' : scalarTypeOf[tensor.dtype];
}

function numberAs(value: number, type: ScalarType): Expr {
  if (type === 'bool' || (type === 'i32' && value !== (value | 0))) {
    throw new DTypeError(
      `The number ${value} was combined with a tensor of dtype ${type}, which cannot hold it. Convert the tensor with cast(x, 'f32').`,
    );
  }
  return scalar.constant(value, type);
}

type Unary = (x: Operand) => Tensor;
type Binary = (a: Operand, b: Operand) => Tensor;

const unary =
  (op: string, build: (x: Expr) => Expr): Unary =>
  (x) =>
    elementwiseOf(op, build, [x]);
const binary =
  (op: string, build: (a: Expr, b: Expr) => Expr): Binary =>
  (a, b) =>
    elementwiseOf(op, build, [a, b]);

export const add: Binary = binary('add', scalar.add);
export const sub: Binary = binary('sub', scalar.sub);
export const mul: Binary = binary('mul', scalar.mul);
/** Quotient; on i32 it truncates toward zero. */
export const div: Binary = binary('div', scalar.div);
/** Remainder with the sign of the divisor. */
export const mod: Binary = binary('mod', scalar.mod);
export const pow: Binary = binary('pow', scalar.pow);
/** The larger of two; NaN when either is NaN. At ties the gradient goes to the first. */
export const maximum: Binary = binary('maximum', scalar.max);
/** The smaller of two; NaN when either is NaN. At ties the gradient goes to the first. */
export const minimum: Binary = binary('minimum', scalar.min);

export const neg: Unary = unary('neg', scalar.neg);
/** Magnitude; the gradient at 0 is 0. */
export const abs: Unary = unary('abs', scalar.abs);
export const sign: Unary = unary('sign', scalar.sign);
export const floor: Unary = unary('floor', scalar.floor);
export const ceil: Unary = unary('ceil', scalar.ceil);
/** To the nearest integer, halves to the even one. */
export const round: Unary = unary('round', scalar.round);
export const sqrt: Unary = unary('sqrt', scalar.sqrt);
/** 1/√x */
export const reciprocalSqrt: Unary = unary('reciprocalSqrt', scalar.reciprocalSqrt);
export const reciprocal: Unary = unary('reciprocal', (x) => scalar.div(1, x));
export const square: Unary = unary('square', (x) => scalar.mul(x, x));
export const exp: Unary = unary('exp', scalar.exp);
/** eˣ − 1, accurate near 0. */
export const expm1: Unary = unary('expm1', scalar.expm1);
export const log: Unary = unary('log', scalar.log);
/** log(1 + x), accurate near 0. */
export const log1p: Unary = unary('log1p', scalar.log1p);
export const sin: Unary = unary('sin', scalar.sin);
export const cos: Unary = unary('cos', scalar.cos);
export const tanh: Unary = unary('tanh', scalar.tanh);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: Unary = unary('sigmoid', scalar.sigmoid);
export const erf: Unary = unary('erf', scalar.erf);

/** Comparisons give bool; every one of them with NaN is false, except `notEqual`. */
export const less: Binary = binary('less', scalar.less);
export const lessEqual: Binary = binary('lessEqual', scalar.lessEqual);
export const greater: Binary = binary('greater', scalar.greater);
export const greaterEqual: Binary = binary('greaterEqual', scalar.greaterEqual);
export const equal: Binary = binary('equal', scalar.equal);
export const notEqual: Binary = binary('notEqual', scalar.notEqual);
export const logicalAnd: Binary = binary('logicalAnd', scalar.and);
export const logicalOr: Binary = binary('logicalOr', scalar.or);
export const logicalNot: Unary = unary('logicalNot', scalar.not);

/** `a` where `condition` holds, else `b`. It selects and does not multiply, so an infinity or NaN not chosen does no harm. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  shapeOf('where', condition);
  if (condition.dtype !== 'bool') throw new DTypeError(`where: the condition is ${condition.dtype}, but bool is needed; compare first.`);
  return elementwiseOf('where', scalar.select, [condition, a, b], [a, b]);
}

/** `x` limited to [low, high]; NaN stays NaN. */
export function clamp(x: Operand, low: number, high: number): Tensor {
  return elementwise((e) => scalar.min(scalar.max(e, low), high), x);
}

/** Elements as another dtype: f32 to i32 truncates toward zero, to bool asks for ≠ 0. u8 is storage only and no target. */
export function cast(x: Tensor, dtype: Exclude<DType, 'u8'>): Tensor {
  shapeOf('cast', x);
  return x.dtype === dtype ? x : elementwise((e) => scalar.cast(e, dtype), x);
}
