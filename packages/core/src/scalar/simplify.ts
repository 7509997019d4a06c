// Algebra that never changes a value: not for NaN, infinities, zeros of either sign or wrapping integers, in float64 or float32.
// (On f32, x·0 and x + 0 stay, for x may be NaN, infinite or −0.) Constants are folded in float64.
import { nodeFunction } from './evaluate.ts';
import type { ComputingNode } from './evaluate.ts';
import { comparisonFunctions } from './functions.ts';
import { stepKey } from './linearize.ts';
import { fold, operandsOf, withOperands } from './traverse.ts';
import type { BinaryName, Expr, ScalarType, UnaryName } from './types.ts';

/** An expression of the same value with fewer steps where the algebra allows; equal subexpressions become one object. */
export function simplify(expression: Expr): Expr {
  const intern = createInterner();
  return fold<Expr>(expression, (node, operands) => {
    const unchanged = operandsOf<Expr>(node).every((operand, index) => operand === operands[index]);
    let current = unchanged ? node : withOperands(node, operands);
    for (let next = rewrite(current); next !== undefined; next = rewrite(current)) current = next;
    return intern(current);
  });
}

/** Gives the first of all structurally equal nodes; operands must have been interned before. */
function createInterner(): (node: Expr) => Expr {
  const ids = new Map<Expr, number>();
  const known = new Map<string, Expr>();
  return (node) => {
    if (ids.has(node)) return node;
    const operandIds = operandsOf<Expr>(node).map((operand) => ids.get(operand)!);
    const key = stepKey(withOperands(node, operandIds));
    const first = known.get(key);
    if (first !== undefined) return first;
    known.set(key, node);
    ids.set(node, ids.size);
    return node;
  };
}

/**
 * One rule applied at the root of an expression whose operands are simplified and interned; undefined when none applies.
 * A rule may build one new node, on operands that exist: anything it nested deeper would not be interned.
 */
function rewrite(node: Expr): Expr | undefined {
  switch (node.kind) {
    case 'input':
    case 'const':
      return undefined;
    case 'unary':
      return folded(node) ?? unaryRules[node.name]?.(node.x);
    case 'binary':
      return folded(node) ?? binaryRules[node.name]?.(node.a, node.b);
    case 'compare':
      return folded(node) ?? comparedWithItself(node);
    case 'select':
      return rewriteSelect(node);
    case 'cast':
      return folded(node) ?? rewriteCast(node);
  }
}

function folded(node: ComputingNode & Expr): Expr | undefined {
  const operands = operandsOf<Expr>(node);
  if (!operands.every(isConstant)) return undefined;
  const [first = 0, second = 0, third = 0] = operands.map((operand) => operand.value);
  return literal(nodeFunction(node)(first, second, third), node.type);
}

type UnaryRule = (x: Expr) => Expr | undefined;
type BinaryRule = (a: Expr, b: Expr) => Expr | undefined;

const unaryRules: { readonly [Name in UnaryName]?: UnaryRule } = {
  // −(a − b) is not b − a: where a = b, the zeros differ in sign.
  neg: (x) => negated(x),
  abs: (x) => (isUnary(x, 'abs') ? x : isUnary(x, 'neg') ? unaryNode('abs', x.x) : undefined),
  not: (x) => {
    if (isUnary(x, 'not')) return x.x;
    // The order comparisons have no such complement: with NaN, both of a pair are false.
    if (x.kind === 'compare' && x.name === 'equal') return { ...x, name: 'notEqual' };
    if (x.kind === 'compare' && x.name === 'notEqual') return { ...x, name: 'equal' };
    return undefined;
  },
};

const binaryRules: { readonly [Name in BinaryName]?: BinaryRule } = {
  add: (a, b) => {
    if (isNeutralAddend(b)) return a;
    if (isNeutralAddend(a)) return b;
    if (isUnary(b, 'neg')) return binaryNode('sub', a, b.x);
    if (isUnary(a, 'neg')) return binaryNode('sub', b, a.x);
    return undefined;
  },
  sub: (a, b) => {
    if (isValue(b, 0)) return a;
    if (isNeutralAddend(a)) return unaryNode('neg', b);
    if (isUnary(b, 'neg')) return binaryNode('add', a, b.x);
    return a === b && a.type === 'i32' ? literal(0, 'i32') : undefined;
  },
  mul: (a, b) =>
    timesConstant(a, b) ?? timesConstant(b, a) ?? (isUnary(a, 'neg') && isUnary(b, 'neg') ? binaryNode('mul', a.x, b.x) : undefined),
  div: (a, b) => {
    if (isValue(b, 1)) return a;
    if (isValue(b, -1)) return unaryNode('neg', a);
    // Not on i32: −(−2³¹) wraps.
    return a.type === 'f32' && isUnary(a, 'neg') && isUnary(b, 'neg') ? binaryNode('div', a.x, b.x) : undefined;
  },
  pow: (a, b) => {
    if (isValue(b, 0) || isValue(b, -0)) return literal(1, 'f32');
    if (isValue(b, 1)) return a;
    return isValue(b, 2) ? binaryNode('mul', a, a) : undefined;
  },
  max: (a, b) => (a === b ? a : undefined),
  min: (a, b) => (a === b ? a : undefined),
  and: (a, b) => (a === b || isValue(a, 0) || isValue(b, 1) ? a : isValue(b, 0) || isValue(a, 1) ? b : undefined),
  or: (a, b) => (a === b || isValue(a, 1) || isValue(b, 0) ? a : isValue(b, 1) || isValue(a, 0) ? b : undefined),
};

function timesConstant(factor: Expr, x: Expr): Expr | undefined {
  if (factor.kind !== 'const') return undefined;
  if (factor.value === 1) return x;
  if (factor.value === -1) return negated(x) ?? unaryNode('neg', x);
  return factor.value === 0 && factor.type === 'i32' ? factor : undefined;
}

function negated(x: Expr): Expr | undefined {
  return isUnary(x, 'neg') ? x.x : undefined;
}

function comparedWithItself(node: Extract<Expr, { kind: 'compare' }>): Expr | undefined {
  if (node.a !== node.b) return undefined;
  const compare = comparisonFunctions[node.name].f32;
  const sameForNaN = compare(NaN, NaN) === compare(0, 0);
  return sameForNaN || node.a.type !== 'f32' ? literal(compare(0, 0), 'bool') : undefined;
}

function rewriteSelect(node: Extract<Expr, { kind: 'select' }>): Expr | undefined {
  const { condition, a, b, type } = node;
  if (condition.kind === 'const') return condition.value === 0 ? b : a;
  if (a === b) return a;
  if (isUnary(condition, 'not')) return { ...node, condition: condition.x, a: b, b: a };
  if (a.kind === 'select' && a.condition === condition) return { ...node, a: a.a };
  if (b.kind === 'select' && b.condition === condition) return { ...node, b: b.b };
  if (type === 'bool' && isValue(a, 1) && isValue(b, 0)) return condition;
  if (type === 'bool' && isValue(a, 0) && isValue(b, 1)) return unaryNode('not', condition);
  return undefined;
}

function rewriteCast({ x, type }: Extract<Expr, { kind: 'cast' }>): Expr | undefined {
  if (x.type === type) return x;
  if (x.kind !== 'cast') return undefined;
  // The first cast may go when it loses nothing that the second asks for. i32 by way of f32 to i32 does lose: float32 has 24 bits.
  const source = x.x;
  if (source.type === type && type === 'bool') return source;
  return source.type === 'bool' || (source.type === 'i32' && type === 'bool') ? { kind: 'cast', x: source, type } : undefined;
}

function literal(value: number, type: ScalarType): Expr {
  return { kind: 'const', value, type };
}

function unaryNode(name: UnaryName, x: Expr): Expr {
  return { kind: 'unary', name, x, type: x.type };
}

function binaryNode(name: BinaryName, a: Expr, b: Expr): Expr {
  return { kind: 'binary', name, a, b, type: a.type };
}

function isConstant(expression: Expr): expression is Extract<Expr, { kind: 'const' }> {
  return expression.kind === 'const';
}

/** Whether it is this constant, the sign of zero included. */
function isValue(expression: Expr, value: number): boolean {
  return expression.kind === 'const' && Object.is(expression.value, value);
}

/** What changes nothing when added: −0 on f32 (−0 + 0 is 0), 0 on i32. */
function isNeutralAddend(expression: Expr): boolean {
  return isValue(expression, expression.type === 'f32' ? -0 : 0);
}

function isUnary<Name extends UnaryName>(
  expression: Expr,
  name: Name,
): expression is Extract<Expr, { kind: 'unary' }> & { readonly name: Name } {
  return expression.kind === 'unary' && expression.name === name;
}
