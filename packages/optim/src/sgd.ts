// Stochastic gradient descent, with momentum and Nesterov's variant of it.
import type { Optimizer, Schedule, Tensor, VariableSpec } from '@nn/core';
import { ConfigError, checkFlag, checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { checkLearningRate } from './learningRate.ts';
import { zeroSlot } from './slots.ts';
import { withWeightDecay } from './weightDecay.ts';

export interface SgdOptions {
  /** A rate, or a schedule of the step counted from 1 (0.01). */
  readonly learningRate?: number | Schedule;
  /** Weight of the old velocity, in [0, 1) (0: no velocity is kept). */
  readonly momentum?: number;
  /** Looks ahead along the velocity (false). */
  readonly nesterov?: boolean;
  /** L2 decay added to the gradient: weightDecay · w (0). */
  readonly weightDecay?: number;
}

type SgdSlots = Readonly<Partial<Record<'velocity', VariableSpec>>>;

/**
 * Gradient descent: w ← w − learningRate · g, with g ← g + weightDecay · w.
 * With momentum: v ← momentum · v + g and w ← w − learningRate · v, or w ← w − learningRate · (g + momentum · v) with `nesterov`.
 * The rate stands outside of the velocity, so that a change of it acts at once (PyTorch's form; Keras keeps it inside).
 *
 * @throws ConfigError for a negative or non-finite rate or decay, a momentum outside [0, 1), and Nesterov without momentum.
 */
export const sgd = defineFactory('sgd', createSgd, createSgd);

function createSgd(given: SgdOptions = {}): Optimizer<SgdSlots> {
  const options = resolveOptions<Required<SgdOptions>>('sgd', given, { learningRate: 0.01, momentum: 0, nesterov: false, weightDecay: 0 });
  const { momentum, nesterov, weightDecay } = options;
  checkNumber('sgd', 'momentum', momentum, { from: 0, below: 1 });
  checkNumber('sgd', 'weightDecay', weightDecay, { from: 0 });
  if (checkFlag('sgd', 'nesterov', nesterov) && momentum === 0) {
    throw new ConfigError(
      'sgd: nesterov looks ahead along the velocity, and without momentum there is none. Set momentum, 0.9 for example.',
    );
  }
  const learningRate = checkLearningRate('sgd', options.learningRate);
  const rule = momentum === 0 ? plain(weightDecay) : withVelocity(momentum, nesterov, weightDecay);
  return Object.freeze({ kind: 'sgd', options: Object.freeze(options), learningRate, ...rule });
}

type UpdateRule = Pick<Optimizer<SgdSlots>, 'variables' | 'update'>;

function plain(weightDecay: number): UpdateRule {
  return {
    variables: () => ({}),
    update: (parameter, gradient, { learningRate }) =>
      stepAlong(withWeightDecay(gradient, parameter, weightDecay), parameter, learningRate),
  };
}

function withVelocity(momentum: number, nesterov: boolean, weightDecay: number): UpdateRule {
  const accumulate = (velocity: Tensor, gradient: Tensor): Tensor =>
    elementwise((v, g) => scalar.add(scalar.mul(momentum, v), g), velocity, gradient);
  return {
    variables: (parameter) => ({ velocity: zeroSlot(parameter) }),
    update(parameter, gradient, context) {
      const g = withWeightDecay(gradient, parameter, weightDecay);
      const velocity = accumulate(context.get('velocity'), g);
      context.set('velocity', velocity);
      return stepAlong(nesterov ? accumulate(velocity, g) : velocity, parameter, context.learningRate);
    },
  };
}

function stepAlong(direction: Tensor, parameter: Tensor, learningRate: Tensor): Tensor {
  return elementwise((w, d, rate) => scalar.sub(w, scalar.mul(rate, d)), parameter, direction, learningRate);
}
