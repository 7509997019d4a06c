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
  return elementwiseOf(build as (...operands: Expr[]) => Expr, operands);
}

/** @param alike those operands whose numbers take the type of their first tensor */
function elementwiseOf(build: (...operands: Expr[]) => Expr, operands: readonly Operand[], alike: readonly Operand[] = operands): Tensor {
  const tensors = operands.filter((operand) => typeof operand !== 'number');
  const rank = Math.max(0, ...tensors.map((tensor) => shapeOf('elementwise', tensor).length));
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
  (build: (x: Expr) => Expr): Unary =>
  (x) =>
    elementwise(build, x);
const binary =
  (build: (a: Expr, b: Expr) => Expr): Binary =>
  (a, b) =>
    elementwise(build, a, b);

export const add: Binary = binary(scalar.add);
export const sub: Binary = binary(scalar.sub);
export const mul: Binary = binary(scalar.mul);
/** Quotient; on i32 it truncates toward zero. */
export const div: Binary = binary(scalar.div);
/** Remainder with the sign of the divisor. */
export const mod: Binary = binary(scalar.mod);
export const pow: Binary = binary(scalar.pow);
/** The larger of two; NaN when either is NaN. At ties the gradient goes to the first. */
export const maximum: Binary = binary(scalar.max);
/** The smaller of two; NaN when either is NaN. At ties the gradient goes to the first. */
export const minimum: Binary = binary(scalar.min);

export const neg: Unary = unary(scalar.neg);
/** Magnitude; the gradient at 0 is 0. */
export const abs: Unary = unary(scalar.abs);
export const sign: Unary = unary(scalar.sign);
export const floor: Unary = unary(scalar.floor);
export const ceil: Unary = unary(scalar.ceil);
/** To the nearest integer, halves to the even one. */
export const round: Unary = unary(scalar.round);
export const sqrt: Unary = unary(scalar.sqrt);
/** 1/√x */
export const reciprocalSqrt: Unary = unary(scalar.reciprocalSqrt);
export const reciprocal: Unary = unary((x) => scalar.div(1, x));
export const square: Unary = unary((x) => scalar.mul(x, x));
export const exp: Unary = unary(scalar.exp);
/** eˣ − 1, accurate near 0. */
export const expm1: Unary = unary(scalar.expm1);
export const log: Unary = unary(scalar.log);
/** log(1 + x), accurate near 0. */
export const log1p: Unary = unary(scalar.log1p);
export const sin: Unary = unary(scalar.sin);
export const cos: Unary = unary(scalar.cos);
export const tanh: Unary = unary(scalar.tanh);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: Unary = unary(scalar.sigmoid);
export const erf: Unary = unary(scalar.erf);

/** Comparisons give bool; every one of them with NaN is false, except `notEqual`. */
export const less: Binary = binary(scalar.less);
export const lessEqual: Binary = binary(scalar.lessEqual);
export const greater: Binary = binary(scalar.greater);
export const greaterEqual: Binary = binary(scalar.greaterEqual);
export const equal: Binary = binary(scalar.equal);
export const notEqual: Binary = binary(scalar.notEqual);
export const logicalAnd: Binary = binary(scalar.and);
export const logicalOr: Binary = binary(scalar.or);
export const logicalNot: Unary = unary(scalar.not);

/** `a` where `condition` holds, else `b`. It selects and does not multiply, so an infinity or NaN not chosen does no harm. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  shapeOf('where', condition);
  if (condition.dtype !== 'bool') throw new DTypeError(`where: the condition is ${condition.dtype}, but bool is needed; compare first.`);
  return elementwiseOf(scalar.select, [condition, a, b], [a, b]);
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
