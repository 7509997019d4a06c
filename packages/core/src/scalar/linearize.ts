// An expression as straight-line code: what code generators and evaluators work from.
import type { NodeOf } from './traverse.ts';
import { fold, operandsOf, withOperands } from './traverse.ts';
import type { Expr } from './types.ts';

/** A node whose operands are indices of earlier steps. */
export type Step = NodeOf<number>;

/** Steps in an order in which operands come first; equal subexpressions are one step. `result` is the index of the last step. */
export interface StraightLine {
  readonly steps: readonly Step[];
  readonly result: number;
}

/** `expression` as steps, each computed once. Takes time linear in the number of distinct nodes, however often they are shared. */
export function linearize(expression: Expr): StraightLine {
  const steps: Step[] = [];
  const known = new Map<string, number>();
  const result = fold<number>(expression, (node, operands) => {
    const step = withOperands(node, operands);
    const key = stepKey(step);
    const index = known.get(key) ?? steps.push(step) - 1;
    known.set(key, index);
    return index;
  });
  return { steps, result };
}

/** A text that two steps share exactly when they compute the same: −0 and 0 differ, NaN equals NaN. */
export function stepKey(step: Step): string {
  return [step.kind, step.type, ...operandsOf(step), detailOf(step)].join(' ');
}

function detailOf(step: Step): string {
  switch (step.kind) {
    case 'input':
      return String(step.index);
    case 'const':
      return Object.is(step.value, -0) ? '-0' : String(step.value);
    case 'unary':
    case 'binary':
    case 'compare':
      return step.name;
    case 'select':
    case 'cast':
      return '';
  }
}
