// RMSprop: every weight's gradient is divided by the root of its running mean square.
import type { Context, Expr, Optimizer, Schedule, StepScalars, Tensor, VariableSpec } from '@nn/core';
import { checkChoice, checkFlag, checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { descend } from './descend.ts';
import type { EpsilonMode } from './epsilonMode.ts';
import { epsilonModes, rootWithEpsilon } from './epsilonMode.ts';
import type { LearningRateMode } from './learningRate.ts';
import { checkLearningRate, foreignNames, learningRateModes } from './learningRate.ts';
import { inStep, schedulesAmong } from './scheduled.ts';
import { zeroSlot } from './slots.ts';
import { withWeightDecay } from './weightDecay.ts';

export interface RmspropOptions {
  /** A rate, or a schedule of the step counted from 1 (0.01; Keras has 0.001). */
  readonly learningRate?: number | Schedule;
  /** Weight of the past in the mean of the squares, in [0, 1) (0.99; Keras has 0.9). */
  readonly decay?: number;
  /** Above 0 (1e-8). */
  readonly epsilon?: number;
  /** Epsilon is added to the root (`'outside'`, default) or under it (`'inside'`). */
  readonly epsilonMode?: EpsilonMode;
  /** Weight of the old velocity, in [0, 1), or a schedule of it (0: no velocity is kept). */
  readonly momentum?: number | Schedule;
  /** As in `sgd` (`'outside'`). */
  readonly learningRateMode?: LearningRateMode;
  /** Divides by the deviation: the squared mean of the gradients is taken from the mean of their squares (false). */
  readonly centered?: boolean;
  /** L2 decay added to the gradient: weightDecay · w (0). */
  readonly weightDecay?: number;
}

type RmspropSlots = Readonly<Record<'meanSquare', VariableSpec> & Partial<Record<'mean' | 'velocity', VariableSpec>>>;
type Step = Context<RmspropSlots> & StepScalars;

const defaults: Required<RmspropOptions> = {
  learningRate: 0.01,
  decay: 0.99,
  epsilon: 1e-8,
  epsilonMode: 'outside',
  momentum: 0,
  learningRateMode: 'outside',
  centered: false,
  weightDecay: 0,
};

/**
 * s ← decay · s + (1 − decay) · g², w ← w − learningRate · g / (√s + ε), or / √(s + ε) with `epsilonMode: 'inside'`. Centered: with
 * m ← decay · m + (1 − decay) · g, s − m² takes the place of s. With momentum: v ← momentum · v + g / (√s + ε), w ← w − learningRate · v.
 * Source: Hinton, lecture 6e of "Neural networks for machine learning" (2012); centered: Graves, "Generating sequences with recurrent
 * neural networks" (2013).
 *
 * @throws ConfigError for a negative or non-finite rate or weight decay, an epsilon that is not above 0, a decay or momentum outside [0, 1)
 */
export const rmsprop = defineFactory('rmsprop', createRmsprop, createRmsprop);

function createRmsprop(given: RmspropOptions = {}): Optimizer<RmspropSlots> {
  const options = resolveOptions('rmsprop', given, defaults, { ...foreignNames, rho: 'Give decay.', alpha: 'Give decay.' });
  checkOptions(options);
  const { centered, momentum, weightDecay } = options;
  return Object.freeze<Optimizer<RmspropSlots>>({
    kind: 'rmsprop',
    options: Object.freeze(options),
    learningRate: checkLearningRate('rmsprop', options.learningRate),
    ...schedulesAmong('rmsprop', { momentum }, { from: 0, below: 1 }),
    variables: (parameter) => ({
      meanSquare: zeroSlot(parameter),
      ...(centered ? { mean: zeroSlot(parameter) } : {}),
      ...(momentum === 0 ? {} : { velocity: zeroSlot(parameter) }),
    }),
    update(parameter, gradient, context) {
      const scaled = scaledGradient(withWeightDecay(gradient, parameter, weightDecay), context, options);
      return momentum === 0
        ? elementwise((w, g, rate) => descend(w, scalar.mul(rate, g)), parameter, scaled, context.learningRate)
        : alongVelocity(parameter, scaled, context, options);
    },
  });
}

/** The gradient divided by its root mean square, whose slots get their new values. */
function scaledGradient(gradient: Tensor, context: Step, { decay, epsilon, epsilonMode, centered }: Required<RmspropOptions>): Tensor {
  const average = (old: Expr, value: Expr): Expr => scalar.add(scalar.mul(decay, old), scalar.mul(1 - decay, value));
  const meanSquare = elementwise((old, g) => average(old, scalar.mul(g, g)), context.get('meanSquare'), gradient);
  context.set('meanSquare', meanSquare);
  if (!centered) return elementwise((g, s) => scalar.div(g, rootWithEpsilon(s, epsilon, epsilonMode)), gradient, meanSquare);
  const mean = elementwise(average, context.get('mean'), gradient);
  context.set('mean', mean);
  // Rounding may bring the difference below 0 where all gradients are alike.
  const variance = (s: Expr, m: Expr): Expr => scalar.max(scalar.sub(s, scalar.mul(m, m)), 0);
  return elementwise((g, s, m) => scalar.div(g, rootWithEpsilon(variance(s, m), epsilon, epsilonMode)), gradient, meanSquare, mean);
}

function alongVelocity(parameter: Tensor, scaled: Tensor, context: Step, { momentum, learningRateMode }: Required<RmspropOptions>): Tensor {
  const inside = learningRateMode === 'inside';
  const velocity = elementwise(
    (v, g, rate, weight) => scalar.add(scalar.mul(weight, v), inside ? scalar.mul(rate, g) : g),
    context.get('velocity'),
    scaled,
    context.learningRate,
    inStep('momentum', momentum, context),
  );
  context.set('velocity', velocity);
  return elementwise((w, v, rate) => descend(w, inside ? v : scalar.mul(rate, v)), parameter, velocity, context.learningRate);
}

function checkOptions(options: Required<RmspropOptions>): void {
  checkNumber('rmsprop', 'decay', options.decay, { from: 0, below: 1 });
  checkNumber('rmsprop', 'epsilon', options.epsilon, { above: 0 });
  checkChoice('rmsprop', 'epsilonMode', options.epsilonMode, epsilonModes);
  checkChoice('rmsprop', 'learningRateMode', options.learningRateMode, learningRateModes);
  checkFlag('rmsprop', 'centered', options.centered);
  checkNumber('rmsprop', 'weightDecay', options.weightDecay, { from: 0 });
}
