// Walking expressions. They are graphs with shared parts: every walk visits a node once, and none of them recurses.
import type { Expr } from './types.ts';

type WithOperands<Node, Operand> = Node extends Expr
  ? { readonly [Key in keyof Node]: Node[Key] extends Expr ? Operand : Node[Key] }
  : never;

/** An expression node whose operands are something else than expressions, such as indices of steps. `NodeOf<Expr>` is `Expr`. */
export type NodeOf<Operand> = WithOperands<Expr, Operand>;

/** A node that reads an input. */
export type InputNode = Extract<Expr, { kind: 'input' }>;

/** The operands of a node, in the order they are written. */
export function operandsOf<Operand>(node: NodeOf<Operand>): readonly Operand[] {
  switch (node.kind) {
    case 'input':
    case 'const':
      return [];
    case 'unary':
    case 'cast':
      return [node.x];
    case 'binary':
    case 'compare':
      return [node.a, node.b];
    case 'select':
      return [node.condition, node.a, node.b];
  }
}

/** The node with other operands, given in the order of {@link operandsOf}. */
export function withOperands<Operand>(node: NodeOf<unknown>, operands: readonly Operand[]): NodeOf<Operand> {
  const [first, second, third] = operands as readonly [Operand, Operand, Operand];
  switch (node.kind) {
    case 'input':
    case 'const':
      return node;
    case 'unary':
    case 'cast':
      return { ...node, x: first };
    case 'binary':
    case 'compare':
      return { ...node, a: first, b: second };
    case 'select':
      return { ...node, condition: first, a: second, b: third };
  }
}

/**
 * Computes `visit` bottom-up over all nodes reachable from `root`, each node once by identity, and returns the result at `root`.
 *
 * @param visit gets a node and the results of its operands
 * @param operands which nodes count as operands; nodes it leaves out are not walked
 */
export function fold<Result>(
  root: Expr,
  visit: (node: Expr, operands: readonly Result[]) => Result,
  operands: (node: Expr) => readonly Expr[] = operandsOf,
): Result {
  const results = new Map<Expr, Result>();
  const pending: Expr[] = [root];
  for (let node = pending.at(-1); node !== undefined; node = pending.at(-1)) {
    const below = operands(node);
    const missing = below.filter((operand) => !results.has(operand));
    if (missing.length > 0) {
      // Reversed, so that the first operand is finished first: steps come out in reading order.
      pending.push(...missing.reverse());
    } else {
      pending.pop();
      if (!results.has(node))
        results.set(
          node,
          visit(
            node,
            below.map((operand) => results.get(operand) as Result),
          ),
        );
    }
  }
  return results.get(root) as Result;
}
