// Expressions with other functions in them.
import type { Expr } from '@nn/core';

/** The expression with every node replaced by what `change` makes of it, from the inputs upwards. */
export function rewritten(root: Expr, change: (node: Expr) => Expr): Expr {
  const done = new Map<Expr, Expr>();
  const visit = (node: Expr): Expr => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const made = change(withParts(node, visit));
    done.set(node, made);
    return made;
  };
  return visit(root);
}

function withParts(node: Expr, visit: (part: Expr) => Expr): Expr {
  switch (node.kind) {
    case 'input':
    case 'const':
      return node;
    case 'unary':
    case 'cast':
      return { ...node, x: visit(node.x) };
    case 'binary':
    case 'compare':
      return { ...node, a: visit(node.a), b: visit(node.b) };
    case 'select':
      return { ...node, condition: visit(node.condition), a: visit(node.a), b: visit(node.b) };
  }
}
