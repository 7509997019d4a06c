// Elastic net: L1 and L2 together, in the form of the lecture and in the usual one.
import type { Regularizer } from '@nn/core';
import { ConfigError, abs, add, checkFlag, checkNumber, defineFactory, resolveOptions, square, sum } from '@nn/core';
import { softThreshold } from './proximal.ts';

/** The form of lecture 003: λ(β‖W‖² + ‖W‖₁). */
export interface ElasticNetOfLecture {
  /** Weight of the squares beside the magnitudes, from 0. */
  readonly beta: number;
  /** Weight of both, from 0 (1). */
  readonly lambda?: number;
}

/** The usual form: l1‖W‖₁ + l2‖W‖². */
export interface ElasticNetWeights {
  /** From 0 (0). */
  readonly l1?: number;
  /** From 0 (0). */
  readonly l2?: number;
}

export type ElasticNetOptions = (ElasticNetOfLecture | ElasticNetWeights) & {
  /** As in `l1` (false). */
  readonly proximal?: boolean;
};

/**
 * λ(β‖W‖² + ‖W‖₁), or l1‖W‖₁ + l2‖W‖²; the gradient is λ(2βW + sign(W)), with sign(0) = 0.
 * `elasticNet({ lambda: 1e-4, beta: 0.5 })` is `elasticNet({ l1: 1e-4, l2: 5e-5 })`.
 * Source: lecture 003; Zou, Hastie, "Regularization and variable selection via the elastic net" (2005).
 *
 * @throws ConfigError for numbers that are negative or not finite, and for both forms at once
 */
export const elasticNet = defineFactory('elasticNet', createElasticNet, ({ l1, l2, proximal }) =>
  createElasticNet({ l1: l1 as number, l2: l2 as number, proximal: proximal as boolean }),
);

interface AllOptions {
  readonly beta: number | undefined;
  readonly lambda: number | undefined;
  readonly l1: number | undefined;
  readonly l2: number | undefined;
  readonly proximal: boolean;
}

const noOptions: AllOptions = { beta: undefined, lambda: undefined, l1: undefined, l2: undefined, proximal: false };

function createElasticNet(given: ElasticNetOptions): Regularizer {
  const { proximal, ...form } = resolveOptions<AllOptions>('elasticNet', given, noOptions);
  checkFlag('elasticNet', 'proximal', proximal);
  const weights = weightsOf(form);
  const { l1, l2 } = weights;
  return Object.freeze<Regularizer>({
    kind: 'elasticNet',
    options: Object.freeze({ ...weights, proximal }),
    penalty: (parameter) => add(sum(abs(parameter)).mul(l1), sum(square(parameter)).mul(l2)),
    ...(proximal ? { proximal: (parameter, learningRate) => softThreshold(parameter, learningRate, weights) } : {}),
  });
}

function weightsOf(form: Omit<AllOptions, 'proximal'>): Required<ElasticNetWeights> {
  const ofLecture = form.beta !== undefined || form.lambda !== undefined;
  if (ofLecture && (form.l1 !== undefined || form.l2 !== undefined)) {
    throw new ConfigError('elasticNet: give beta and lambda, the form of the lecture, or l1 and l2, the usual form, but not both.');
  }
  const { beta, lambda = 1, l1 = 0, l2 = 0 } = form;
  if (ofLecture) return elasticNetWeights({ beta: beta as number, lambda });
  return { l1: checkNumber('elasticNet', 'l1', l1, { from: 0 }), l2: checkNumber('elasticNet', 'l2', l2, { from: 0 }) };
}

/** From the form of the lecture to the usual one: l1 = λ, l2 = λβ. @throws ConfigError for numbers that are negative or not finite */
export function elasticNetWeights({ beta, lambda = 1 }: ElasticNetOfLecture): Required<ElasticNetWeights> {
  checkNumber('elasticNet', 'beta', beta, { from: 0 });
  checkNumber('elasticNet', 'lambda', lambda, { from: 0 });
  return { l1: lambda, l2: lambda * beta };
}

/**
 * From the usual form to that of the lecture: λ = l1, β = l2 / l1.
 * @throws ConfigError for an l1 of 0 beside an l2: the lecture's form always has magnitudes in it
 */
export function elasticNetOfLecture({ l1 = 0, l2 = 0 }: ElasticNetWeights): Required<ElasticNetOfLecture> {
  checkNumber('elasticNet', 'l1', l1, { from: 0 });
  checkNumber('elasticNet', 'l2', l2, { from: 0 });
  if (l1 === 0 && l2 > 0) throw new ConfigError(`elasticNet: l1 is 0 and l2 is ${l2}; the form λ(β‖W‖² + ‖W‖₁) has no β for that. Use l2.`);
  return { lambda: l1, beta: l1 === 0 ? 0 : l2 / l1 };
}
