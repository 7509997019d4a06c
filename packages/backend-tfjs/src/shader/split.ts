// Expressions that read more inputs than a shader may have are computed in parts.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';

/**
 * A part of `expression` that reads at most `limit` inputs, as many as possible, and the expression that reads the value of that part as
 * input `next`. The rest has fewer steps, so that splitting it again comes to an end.
 * @param limit at least 3, for a choice between two inputs by a third
 */
export function splitExpression(expression: Expr, limit: number, next: number): { readonly part: Expr; readonly rest: Expr } {
  const { steps, result } = scalar.linearize(expression);
  const reads = inputsOfSteps(steps);
  let chosen = -1;
  steps.forEach((step, index) => {
    const count = reads[index]!.size;
    if (step.kind === 'input' || index === result || count < 2 || count > limit) return;
    if (chosen === -1 || count >= reads[chosen]!.size) chosen = index;
  });
  const part = expressionOf(steps, chosen);
  return { part, rest: expressionOf(steps, result, new Map([[chosen, scalar.input(next, part.type)]])) };
}

function inputsOfSteps(steps: readonly scalar.Step[]): readonly ReadonlySet<number>[] {
  const reads: Set<number>[] = [];
  for (const step of steps) {
    if (step.kind === 'input') reads.push(new Set([step.index]));
    else reads.push(new Set(scalar.operandsOf(step).flatMap((operand) => [...reads[operand]!])));
  }
  return reads;
}

/** Steps up to `result` as an expression, some of them replaced. */
function expressionOf(steps: readonly scalar.Step[], result: number, replaced: ReadonlyMap<number, Expr> = new Map()): Expr {
  const built: Expr[] = [];
  for (const [index, step] of steps.slice(0, result + 1).entries()) built.push(replaced.get(index) ?? nodeOf(step, built));
  return built[result]!;
}

function nodeOf(step: scalar.Step, built: readonly Expr[]): Expr {
  switch (step.kind) {
    case 'input':
    case 'const':
      return step;
    case 'unary':
    case 'cast':
      return { ...step, x: built[step.x]! };
    case 'binary':
    case 'compare':
      return { ...step, a: built[step.a]!, b: built[step.b]! };
    case 'select':
      return { ...step, condition: built[step.condition]!, a: built[step.a]!, b: built[step.b]! };
  }
}
