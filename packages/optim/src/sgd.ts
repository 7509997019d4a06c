// Stochastic gradient descent, with momentum and Nesterov's variant of it.
import type { Context, Optimizer, Schedule, StepScalars, Tensor, VariableSpec } from '@nn/core';
import { ConfigError, checkChoice, checkFlag, checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { descend } from './descend.ts';
import type { LearningRateMode } from './learningRate.ts';
import { checkLearningRate, foreignNames, learningRateModes } from './learningRate.ts';
import { inStep, schedulesAmong } from './scheduled.ts';
import { zeroSlot } from './slots.ts';
import { withWeightDecay } from './weightDecay.ts';

export interface SgdOptions {
  /** A rate, or a schedule of the step counted from 1 (0.01). */
  readonly learningRate?: number | Schedule;
  /** Weight of the old velocity, in [0, 1), or a schedule of it (0: no velocity is kept). */
  readonly momentum?: number | Schedule;
  /** Looks ahead along the velocity (false). */
  readonly nesterov?: boolean;
  /** Part of a new gradient that does not enter the velocity, in [0, 1]; the first gradient enters whole, as in PyTorch (0). */
  readonly dampening?: number;
  /**
   * Whether the rate stands outside of the velocity (`'outside'`, default, PyTorch) or inside of it (`'inside'`, Keras). Both are the same
   * as long as the rate is; after a change the second still moves with the old one.
   */
  readonly learningRateMode?: LearningRateMode;
  /** L2 decay added to the gradient: weightDecay · w (0). */
  readonly weightDecay?: number;
}

type SgdSlots = Readonly<Partial<Record<'velocity', VariableSpec>>>;

const defaults: Required<SgdOptions> = {
  learningRate: 0.01,
  momentum: 0,
  nesterov: false,
  dampening: 0,
  learningRateMode: 'outside',
  weightDecay: 0,
};

/**
 * Gradient descent: w ← w − learningRate · g, with g ← g + weightDecay · w.
 * With momentum: v ← momentum · v + g and w ← w − learningRate · v, or w ← w − learningRate · (g + momentum · v) with `nesterov`.
 * With `learningRateMode: 'inside'`: v ← momentum · v − learningRate · g and w ← w + v, or w ← w + momentum · v − learningRate · g.
 *
 * @throws ConfigError for a negative or non-finite rate or decay, a momentum outside [0, 1), and options that need a momentum without one
 */
export const sgd = defineFactory('sgd', createSgd, createSgd);

function createSgd(given: SgdOptions = {}): Optimizer<SgdSlots> {
  const options = resolveOptions('sgd', given, defaults, foreignNames);
  const schedules = schedulesAmong('sgd', { momentum: options.momentum }, { from: 0, below: 1 });
  checkOptions(options);
  const { momentum, learningRateMode, weightDecay } = options;
  const learningRate = checkLearningRate('sgd', options.learningRate);
  const rule = momentum === 0 ? plain(weightDecay) : learningRateMode === 'outside' ? withRateOutside(options) : withRateInside(options);
  return Object.freeze({ kind: 'sgd', options: Object.freeze(options), learningRate, ...schedules, ...rule });
}

function checkOptions({ momentum, nesterov, dampening, learningRateMode, weightDecay }: Required<SgdOptions>): void {
  checkNumber('sgd', 'dampening', dampening, { from: 0, to: 1 });
  checkNumber('sgd', 'weightDecay', weightDecay, { from: 0 });
  checkChoice('sgd', 'learningRateMode', learningRateMode, learningRateModes);
  if (checkFlag('sgd', 'nesterov', nesterov) && momentum === 0) {
    throw new ConfigError(
      'sgd: nesterov looks ahead along the velocity, and without momentum there is none. Set momentum, 0.9 for example.',
    );
  }
  if (dampening > 0 && (momentum === 0 || nesterov || learningRateMode === 'inside')) {
    throw new ConfigError("sgd: dampening is for a velocity (momentum above 0) without nesterov, with the learning rate 'outside' of it.");
  }
}

type UpdateRule = Pick<Optimizer<SgdSlots>, 'variables' | 'update'>;

function plain(weightDecay: number): UpdateRule {
  return {
    variables: () => ({}),
    update: (parameter, gradient, { learningRate }) =>
      stepAlong(withWeightDecay(gradient, parameter, weightDecay), parameter, learningRate),
  };
}

function withRateOutside({ momentum, nesterov, dampening, weightDecay }: Required<SgdOptions>): UpdateRule {
  const accumulate = (velocity: Tensor, gradient: Tensor, step: StepScalars): Tensor =>
    elementwise((v, g, weight) => scalar.add(scalar.mul(weight, v), g), velocity, gradient, inStep('momentum', momentum, step));
  const entering = (gradient: Tensor, step: Tensor): Tensor =>
    dampening === 0 ? gradient : elementwise((g, t) => scalar.select(scalar.equal(t, 1), g, scalar.mul(1 - dampening, g)), gradient, step);
  return {
    variables: (parameter) => ({ velocity: zeroSlot(parameter) }),
    update(parameter, gradient, context) {
      const g = withWeightDecay(gradient, parameter, weightDecay);
      const velocity = accumulate(context.get('velocity'), entering(g, context.step), context);
      context.set('velocity', velocity);
      return stepAlong(nesterov ? accumulate(velocity, g, context) : velocity, parameter, context.learningRate);
    },
  };
}

function withRateInside({ momentum, nesterov, weightDecay }: Required<SgdOptions>): UpdateRule {
  const accumulate = (velocity: Tensor, gradient: Tensor, step: StepScalars): Tensor =>
    elementwise(
      (v, g, rate, weight) => scalar.sub(scalar.mul(weight, v), scalar.mul(rate, g)),
      velocity,
      gradient,
      step.learningRate,
      inStep('momentum', momentum, step),
    );
  return {
    variables: (parameter) => ({ velocity: zeroSlot(parameter) }),
    update(parameter, gradient, context: Context<SgdSlots> & StepScalars) {
      const g = withWeightDecay(gradient, parameter, weightDecay);
      const velocity = accumulate(context.get('velocity'), g, context);
      context.set('velocity', velocity);
      const along = nesterov ? accumulate(velocity, g, context) : velocity;
      return elementwise((w, v) => descend(w, scalar.neg(v)), parameter, along);
    },
  };
}

function stepAlong(direction: Tensor, parameter: Tensor, learningRate: Tensor): Tensor {
  return elementwise((w, d, rate) => descend(w, scalar.mul(rate, d)), parameter, direction, learningRate);
}
