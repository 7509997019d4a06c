// The step that every update rule ends in.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';

/**
 * parameter − step. Where the step is 0 the parameter keeps its bits, those of −0 included: −0 − (−0) would be 0, so a step of −0 is
 * made 0 first.
 */
export function descend(parameter: Expr, step: Expr): Expr {
  return scalar.sub(parameter, scalar.add(step, 0));
}
