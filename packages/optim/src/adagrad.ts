// Adagrad: every weight's rate falls with the sum of its squared gradients.
import type { Optimizer, Schedule, VariableSpec } from '@nn/core';
import { checkChoice, checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { descend } from './descend.ts';
import type { EpsilonMode } from './epsilonMode.ts';
import { epsilonModes, rootWithEpsilon } from './epsilonMode.ts';
import { checkLearningRate, foreignNames } from './learningRate.ts';
import { filledSlot } from './slots.ts';
import { withWeightDecay } from './weightDecay.ts';

export interface AdagradOptions {
  /** A rate, or a schedule of the step counted from 1 (0.01). */
  readonly learningRate?: number | Schedule;
  /** What the rate falls by beside: learningRate / (1 + (step − 1) · this) (0). */
  readonly learningRateDecay?: number;
  /** What the sum of squares begins with, from 0 (0; Keras has 0.1). */
  readonly initialAccumulator?: number;
  /** Above 0 (1e-10; Keras has 1e-7). */
  readonly epsilon?: number;
  /** Epsilon is added to the root (`'outside'`, default) or under it (`'inside'`, Keras). */
  readonly epsilonMode?: EpsilonMode;
  /** L2 decay added to the gradient: weightDecay · w (0). */
  readonly weightDecay?: number;
}

type AdagradSlots = Readonly<Record<'squares', VariableSpec>>;

const defaults: Required<AdagradOptions> = {
  learningRate: 0.01,
  learningRateDecay: 0,
  initialAccumulator: 0,
  epsilon: 1e-10,
  epsilonMode: 'outside',
  weightDecay: 0,
};

/**
 * s ← s + g², w ← w − learningRate · g / (√s + ε), or / √(s + ε) with `epsilonMode: 'inside'`.
 * Source: Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (2011).
 *
 * @throws ConfigError for a negative or non-finite number, and an epsilon that is not above 0
 */
export const adagrad = defineFactory('adagrad', createAdagrad, createAdagrad);

function createAdagrad(given: AdagradOptions = {}): Optimizer<AdagradSlots> {
  const options = resolveOptions('adagrad', given, defaults, { ...foreignNames, lrDecay: 'Give learningRateDecay.' });
  const { learningRateDecay, initialAccumulator, epsilon, epsilonMode, weightDecay } = options;
  checkNumber('adagrad', 'learningRateDecay', learningRateDecay, { from: 0 });
  checkNumber('adagrad', 'initialAccumulator', initialAccumulator, { from: 0 });
  checkNumber('adagrad', 'epsilon', epsilon, { above: 0 });
  checkChoice('adagrad', 'epsilonMode', epsilonMode, epsilonModes);
  checkNumber('adagrad', 'weightDecay', weightDecay, { from: 0 });
  return Object.freeze<Optimizer<AdagradSlots>>({
    kind: 'adagrad',
    options: Object.freeze(options),
    learningRate: checkLearningRate('adagrad', options.learningRate),
    variables: (parameter) => ({ squares: filledSlot(parameter, initialAccumulator) }),
    update(parameter, gradient, context) {
      const g = withWeightDecay(gradient, parameter, weightDecay);
      const squares = elementwise((sum, value) => scalar.add(sum, scalar.mul(value, value)), context.get('squares'), g);
      context.set('squares', squares);
      const rate =
        learningRateDecay === 0
          ? context.learningRate
          : elementwise(
              (r, step) => scalar.div(r, scalar.add(1, scalar.mul(learningRateDecay, scalar.sub(scalar.cast(step, 'f32'), 1)))),
              context.learningRate,
              context.step,
            );
      return elementwise(
        (w, value, sum, r) => descend(w, scalar.div(scalar.mul(r, value), rootWithEpsilon(sum, epsilon, epsilonMode))),
        parameter,
        g,
        squares,
        rate,
      );
    },
  });
}
