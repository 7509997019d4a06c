// Derivatives of expressions, per element. The derivative of a choice is the choice of derivatives, and a zero derivative is
// left out instead of multiplied with, so that a branch not taken (infinite at x = 100, say) never reaches the result.
import {
  add,
  cos,
  div,
  equal,
  exp,
  floor,
  greaterEqual,
  and,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  select,
  sigmoid,
  sign,
  sin,
  sub,
  constant,
} from './build.ts';
import { twoOverRootPi } from './erf.ts';
import { simplify } from './simplify.ts';
import { fold } from './traverse.ts';
import type { BinaryName, Expr, UnaryName } from './types.ts';

/**
 * The derivative of `expression` by input `index`; undefined where it is zero everywhere (integers, comparisons, no dependence).
 * At kinks: abs gives 0, max and min follow the first operand at ties, select the branch taken.
 */
export function differentiate(expression: Expr, index: number): Expr | undefined {
  const derivative = fold<Derivative>(simplify(expression), (node, operands) => derivativeOf(node, operands, index));
  return derivative === undefined ? undefined : nonZero(simplify(derivative));
}

/**
 * `cotangent` times the derivative: dL/d(input `index`) from dL/d(result). Where the derivative is zero on a branch the product is 0
 * there, even for an infinite cotangent.
 */
export function pullback(expression: Expr, index: number, cotangent: Expr): Expr | undefined {
  const derivative = differentiate(expression, index);
  return derivative === undefined ? undefined : nonZero(simplify(times(derivative, cotangent)!));
}

/** undefined is zero. Inside a select, zero is the constant. */
type Derivative = Expr | undefined;

const zero = constant(0);
const one = constant(1);

function derivativeOf(node: Expr, operands: readonly Derivative[], index: number): Derivative {
  if (node.type !== 'f32') return undefined;
  const [first, second, third] = operands;
  switch (node.kind) {
    case 'input':
      return node.index === index ? one : undefined;
    case 'const':
    case 'cast':
      return undefined;
    case 'unary':
      return first === undefined ? undefined : unaryDerivatives[node.name]?.(first, node.x, node);
    case 'binary':
      return first === undefined && second === undefined ? undefined : binaryDerivatives[node.name]?.(first, second, node.a, node.b, node);
    case 'select':
      return either(node.condition, second, third);
  }
}

/** Derivative of f(x) from `dx`, `x` and `y` = f(x); null for functions that are constant between jumps. */
type UnaryDerivative = ((dx: Expr, x: Expr, y: Expr) => Derivative) | null;

const unaryDerivatives: Readonly<Record<UnaryName, UnaryDerivative>> = {
  neg: (dx) => negative(dx),
  abs: (dx, x) => times(dx, sign(x)),
  sign: null,
  floor: null,
  ceil: null,
  round: null,
  sqrt: (dx, _x, y) => times(dx, div(0.5, y)),
  reciprocalSqrt: (dx, _x, y) => times(dx, mul(mul(-0.5, y), mul(y, y))),
  exp: (dx, _x, y) => times(dx, y),
  // Not y + 1, which has no correct digit left where eˣ is small.
  expm1: (dx, x) => times(dx, exp(x)),
  log: (dx, x) => over(dx, x),
  log1p: (dx, x) => over(dx, add(1, x)),
  sin: (dx, x) => times(dx, cos(x)),
  cos: (dx, x) => times(dx, neg(sin(x))),
  tanh: (dx, _x, y) => times(dx, sub(1, mul(y, y))),
  sigmoid: (dx, x, y) => times(dx, mul(y, sigmoid(neg(x)))),
  erf: (dx, x) => times(dx, mul(twoOverRootPi, exp(neg(mul(x, x))))),
  not: null,
};

/** Derivative of f(a, b) from `da`, `db` (not both zero), `a`, `b` and `y` = f(a, b). */
type BinaryDerivative = ((da: Derivative, db: Derivative, a: Expr, b: Expr, y: Expr) => Derivative) | null;

const binaryDerivatives: Readonly<Record<BinaryName, BinaryDerivative>> = {
  add: (da, db) => sum(da, db),
  sub: (da, db) => sum(da, negative(db)),
  mul: (da, db, a, b) => (a === b ? times(da, mul(2, a)) : sum(times(da, b), times(db, a))),
  div: (da, db, _a, b, y) => over(sum(da, negative(times(db, y))), b),
  mod: (da, db, a, b) => sum(da, negative(times(db, floor(div(a, b))))),
  pow: (da, db, a, b, y) => sum(powerByBase(da, a, b), powerByExponent(db, a, b, y)),
  max: (da, db, a, b) => either(greaterEqual(a, b), da, db),
  min: (da, db, a, b) => either(lessEqual(a, b), da, db),
  and: null,
  or: null,
};

/** b·a^(b − 1), which is 0 at b = 0, also for a = 0. */
function powerByBase(da: Derivative, a: Expr, b: Expr): Derivative {
  const slope = mul(b, pow(a, sub(b, 1)));
  return times(da, b.kind === 'const' ? slope : select(equal(b, 0), 0, slope));
}

/** aᵇ·log(a), which is 0 at a = 0 for b ≥ 0. */
function powerByExponent(db: Derivative, a: Expr, b: Expr, y: Expr): Derivative {
  return times(db, select(and(equal(a, 0), greaterEqual(b, 0)), 0, mul(y, log(a))));
}

function either(condition: Expr, da: Derivative, db: Derivative): Derivative {
  return da === undefined && db === undefined ? undefined : select(condition, da ?? zero, db ?? zero);
}

function sum(p: Derivative, q: Derivative): Derivative {
  if (p === undefined || isZero(p)) return q;
  if (q === undefined || isZero(q)) return p;
  return sumOfBranches(p, q) ?? sumOfBranches(q, p) ?? add(p, q);
}

/** Two choices on one condition, or a choice and a constant, as one choice: the zeros of one are the values of the other. */
function sumOfBranches(p: Expr, q: Expr): Derivative {
  if (!distributes(p)) return undefined;
  if (q.kind === 'select' && q.condition === p.condition) return either(p.condition, sum(p.a, q.a), sum(p.b, q.b));
  return q.kind === 'const' ? either(p.condition, sum(p.a, q), sum(p.b, q)) : undefined;
}

function negative(p: Derivative): Derivative {
  return eachBranch(p, neg);
}

function times(p: Derivative, factor: Expr): Derivative {
  return eachBranch(p, (branch) => mul(factor, branch));
}

function over(p: Derivative, divisor: Expr): Derivative {
  return eachBranch(p, (branch) => div(branch, divisor));
}

/** Applies a linear function to a derivative, inside its selects where that meets constants: zeros there stay zero. */
function eachBranch(p: Derivative, linear: (branch: Expr) => Expr): Derivative {
  if (p === undefined) return undefined;
  return fold<Expr>(
    p,
    (node, [a, b]) => (distributes(node) ? select(node.condition, a!, b!) : isZero(node) ? node : linear(node)),
    (node) => (distributes(node) ? [node.a, node.b] : []),
  );
}

function distributes(node: Expr): node is Extract<Expr, { kind: 'select' }> {
  return node.kind === 'select' && [node.a, node.b].some((branch) => branch.kind === 'const' || branch.kind === 'select');
}

function isZero(expression: Expr): boolean {
  return expression.kind === 'const' && expression.value === 0;
}

function nonZero(expression: Expr): Derivative {
  return isZero(expression) ? undefined : expression;
}
