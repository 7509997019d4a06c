// Where a device without infinities means what it computes.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';
import { smallestNormal } from '../golden/compare.ts';

/** An expression that says whether `root` and everything that its value is made of are finite; a choice not taken may be anything. */
export function staysFinite(root: Expr): Expr {
  const done = new Map<Expr, Expr>();
  const visit = (node: Expr): Expr => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const own = node.type === 'f32' ? isFinite(node) : scalar.constant(1, 'bool');
    const made = scalar.and(own, operandsStayFinite(node, visit));
    done.set(node, made);
    return made;
  };
  return visit(root);
}

/** Finite, and not so small that it may be taken for 0. */
function isOrdinary(x: Expr): Expr {
  return scalar.and(isFinite(x), scalar.or(scalar.equal(x, 0), scalar.greaterEqual(scalar.abs(x), smallestNormal)));
}

function isFinite(x: Expr): Expr {
  return scalar.less(scalar.abs(x), Infinity);
}

function operandsStayFinite(node: Expr, visit: (operand: Expr) => Expr): Expr {
  switch (node.kind) {
    case 'input':
    case 'const':
      return scalar.constant(1, 'bool');
    case 'unary':
    case 'cast':
      return visit(node.x);
    case 'binary': {
      const operands = scalar.and(visit(node.a), visit(node.b));
      // a − b ⌊a/b⌋
      return node.name === 'mod' && node.type === 'f32' ? scalar.and(operands, isOrdinary(scalar.div(node.a, node.b))) : operands;
    }
    case 'compare':
      return scalar.and(visit(node.a), visit(node.b));
    case 'select':
      return scalar.and(visit(node.condition), scalar.select(node.condition, visit(node.a), visit(node.b)));
  }
}
