// Inputs of expressions: which are read, and putting others, or whole expressions, in their place.
import { ConfigError, DTypeError } from '../errors/errors.ts';
import { input } from './build.ts';
import type { InputNode } from './traverse.ts';
import { fold, operandsOf, withOperands } from './traverse.ts';
import type { Expr } from './types.ts';

/** The inputs that `expression` reads, by ascending index. @throws DTypeError when it reads one input as two types. */
export function inputsOf(expression: Expr): readonly InputNode[] {
  const found = new Map<number, InputNode>();
  fold<void>(expression, (node) => {
    if (node.kind !== 'input') return;
    const other = found.get(node.index);
    if (other !== undefined && other.type !== node.type) {
      throw new DTypeError(`An expression reads input ${node.index} as ${other.type} and as ${node.type}; an input has one type.`);
    }
    found.set(node.index, node);
  });
  return [...found.values()].toSorted((a, b) => a.index - b.index);
}

/**
 * `expression` with input i replaced by `replacements[i]`: a map after a map as one expression. Shared parts stay shared.
 * @throws ConfigError when a replacement is missing, DTypeError when its type is not the input's.
 */
export function substitute(expression: Expr, replacements: readonly Expr[]): Expr {
  return replaceInputs(expression, (node) => {
    const replacement = replacements[node.index];
    if (replacement === undefined) {
      throw new ConfigError(`substitute: the expression reads input ${node.index}, but ${replacements.length} replacements were given.`);
    }
    if (replacement.type !== node.type) {
      throw new DTypeError(`substitute: input ${node.index} is ${node.type}, but its replacement is ${replacement.type}.`);
    }
    return replacement;
  });
}

/** `expression` reading input `indexOf(i)` where it read input i. */
export function mapInputs(expression: Expr, indexOf: (index: number) => number): Expr {
  return replaceInputs(expression, (node) => input(indexOf(node.index), node.type));
}

function replaceInputs(expression: Expr, replace: (node: InputNode) => Expr): Expr {
  return fold<Expr>(expression, (node, operands) => {
    if (node.kind === 'input') return replace(node);
    const unchanged = operandsOf(node).every((operand, index) => operand === operands[index]);
    return unchanged ? node : withOperands(node, operands);
  });
}
