// Where ε stands in a normalization, and what comes out where a deviation is 0.
import type { Expr, NormalizeOutput, Tensor } from '@nn/core';
import { checkChoice, checkNumber, elementwise, moments, normalize, scalar } from '@nn/core';

/**
 * Where ε is: `inside` is 1/√(σ² + ε) (the 2015 paper, lecture 003, every framework), `outside` is 1/(σ + ε) (lectures 000 and 001),
 * `none` is 1/σ (the idea in lecture 003).
 */
export type EpsilonMode = 'inside' | 'outside' | 'none';

/** ε, 0 or more, and where it stands. */
export interface Epsilon {
  readonly epsilon: number;
  readonly epsilonMode: EpsilonMode;
}

/** @throws ConfigError for an ε below 0 or a mode that is none */
export function checkEpsilon(kind: string, { epsilon, epsilonMode }: Epsilon): void {
  checkNumber(kind, 'epsilon', epsilon, { from: 0 });
  checkChoice(kind, 'epsilonMode', epsilonMode, ['inside', 'outside', 'none']);
}

/** What a deviation from the mean is multiplied by. Where there is nothing to divide by it is 0, so that y = β. */
export function reciprocalSpread(variance: Expr, { epsilon, epsilonMode }: Epsilon): Expr {
  if (epsilonMode === 'outside') {
    // The root is not differentiated at 0, where its slope is infinite and the deviation does not move in first order.
    const outside = scalar.div(1, scalar.add(scalar.sqrt(variance), epsilon));
    return scalar.select(scalar.equal(variance, 0), epsilon === 0 ? 0 : 1 / epsilon, outside);
  }
  const inside = epsilonMode === 'none' ? variance : scalar.add(variance, epsilon);
  return scalar.select(scalar.equal(inside, 0), 0, scalar.reciprocalSqrt(inside));
}

/**
 * γ (x − μ) / spread + β with the moments of x over `axes`, which stay with extent 1. All modes but `outside` are the op `normalize`,
 * which backends run as one kernel.
 *
 * @param affine gamma and beta of x's rank, each extent 1 or x's
 */
export function normalizeOver(
  x: Tensor,
  { gamma, beta }: { readonly gamma: Tensor; readonly beta: Tensor },
  axes: readonly number[],
  { epsilon, epsilonMode }: Epsilon,
): Pick<Record<NormalizeOutput, Tensor>, 'y' | 'mean' | 'variance'> {
  if (epsilonMode !== 'outside') return normalize(x, gamma, beta, { axes, epsilon: epsilonMode === 'none' ? 0 : epsilon });
  const { mean, variance, centered } = moments(x, axes);
  const reciprocal = elementwise((v) => reciprocalSpread(v, { epsilon, epsilonMode }), variance);
  const y = elementwise((c, r, g, b) => scalar.add(scalar.mul(scalar.mul(c, r), g), b), centered, reciprocal, gamma, beta);
  return { y, mean, variance };
}
