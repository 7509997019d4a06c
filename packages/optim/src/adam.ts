// Adam, and AdamW with its decoupled weight decay.
import type { Expr, Operand, Optimizer, Schedule, Tensor, VariableSpec } from '@nn/core';
import { checkFlag, checkNumber, defineFactory, elementwise, maximum, resolveOptions, scalar } from '@nn/core';
import { descend } from './descend.ts';
import { checkLearningRate, foreignNames } from './learningRate.ts';
import { inStep, schedulesAmong } from './scheduled.ts';
import { zeroSlot } from './slots.ts';
import { withWeightDecay } from './weightDecay.ts';

export interface AdamOptions {
  /** A rate, or a schedule of the step counted from 1 (0.001). */
  readonly learningRate?: number | Schedule;
  /** Weight of the past in the mean of the gradients, in [0, 1), or a schedule of it (0.9). */
  readonly beta1?: number | Schedule;
  /** Weight of the past in the mean of their squares, in [0, 1) (0.999). */
  readonly beta2?: number;
  /** Added to the root of the mean square, above 0 (1e-8). */
  readonly epsilon?: number;
  /**
   * Whether epsilon stands beside √v as it is, the paper's ε̂ (TensorFlow, Keras), rather than beside √v̂ (false, PyTorch). In the first
   * steps ε̂ acts as a larger epsilon.
   */
  readonly epsilonHat?: boolean;
  /** Divides by the largest v so far, so that a rate never grows again (false). */
  readonly amsgrad?: boolean;
  /** See `adam` and `adamW`, which differ in it (0 and 0.01). */
  readonly weightDecay?: number;
}

type AdamSlots = Readonly<Record<'m' | 'v', VariableSpec> & Partial<Record<'largestV', VariableSpec>>>;

/** Where weight decay enters: into the gradient, or into the parameter before the step. */
interface Decay {
  gradient(gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor;
  parameter(parameter: Tensor, learningRate: Tensor, weightDecay: number): Tensor;
}

const coupled: Decay = { gradient: withWeightDecay, parameter: (parameter) => parameter };

const decoupled: Decay = {
  gradient: (gradient) => gradient,
  parameter: (parameter, learningRate, weightDecay) =>
    weightDecay === 0
      ? parameter
      : elementwise((w, rate) => scalar.mul(w, scalar.sub(1, scalar.mul(rate, weightDecay))), parameter, learningRate),
};

const defaults: Required<AdamOptions> = {
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  epsilonHat: false,
  amsgrad: false,
  weightDecay: 0,
};

/**
 * Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − learningRate · m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) undo the pull of the zeros that m and v begin with.
 * `weightDecay` (0) is L2 coupled into the gradient, g ← g + weightDecay · w; see `adamW` for the decoupled one.
 * Source: Kingma, Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1; `amsgrad`: Reddi, Kale, Kumar, "On the
 * convergence of Adam and beyond" (2018), with v̂ divided as in PyTorch.
 *
 * @throws ConfigError for a negative or non-finite rate or decay, an epsilon that is not above 0, and a beta outside [0, 1)
 */
export const adam = defineFactory('adam', createAdam, createAdam);

function createAdam(options: AdamOptions = {}): Optimizer<AdamSlots> {
  return adamOf('adam', options, defaults, coupled);
}

/**
 * Adam with decoupled weight decay: w ← (1 − learningRate · weightDecay) · w first, then Adam's step on the gradient alone.
 * `weightDecay` is 0.01 unless given.
 * Source: Loshchilov, Hutter, "Decoupled weight decay regularization" (2019).
 *
 * @throws ConfigError as `adam`
 */
export const adamW = defineFactory('adamW', createAdamW, createAdamW);

function createAdamW(options: AdamOptions = {}): Optimizer<AdamSlots> {
  return adamOf('adamW', options, { ...defaults, weightDecay: 0.01 }, decoupled);
}

function adamOf(kind: string, given: AdamOptions, fallback: Required<AdamOptions>, decay: Decay): Optimizer<AdamSlots> {
  const options = resolveOptions(kind, given, fallback, { ...foreignNames, betas: 'Give beta1 and beta2.' });
  const { beta1, beta2, epsilon, epsilonHat, amsgrad, weightDecay } = options;
  const schedules = schedulesAmong(kind, { beta1 }, { from: 0, below: 1 });
  checkNumber(kind, 'beta2', beta2, { from: 0, below: 1 });
  // Zero is refused: a parameter that never had a gradient would get 0/0.
  checkNumber(kind, 'epsilon', epsilon, { above: 0 });
  checkFlag(kind, 'epsilonHat', epsilonHat);
  checkFlag(kind, 'amsgrad', amsgrad);
  checkNumber(kind, 'weightDecay', weightDecay, { from: 0 });
  return Object.freeze<Optimizer<AdamSlots>>({
    kind,
    options: Object.freeze(options),
    learningRate: checkLearningRate(kind, options.learningRate),
    ...schedules,
    variables: (parameter) => ({
      m: zeroSlot(parameter),
      v: zeroSlot(parameter),
      ...(amsgrad ? { largestV: zeroSlot(parameter) } : {}),
    }),
    update(parameter, gradient, context) {
      const { learningRate, step } = context;
      const g = decay.gradient(gradient, parameter, weightDecay);
      const weight = inStep('beta1', beta1, context);
      const m = elementwise(runningMean, context.get('m'), g, weight);
      const v = elementwise((old, x, beta) => runningMean(old, square(x), beta), context.get('v'), g, beta2);
      context.set('m', m);
      context.set('v', v);
      const divisor = amsgrad ? maximum(context.get('largestV'), v) : v;
      if (amsgrad) context.set('largestV', divisor);
      const root = biasCorrection(step, beta2).sqrt();
      // Both sides of the fraction times that root: one division per element instead of two.
      return elementwise(
        (w, mean, meanSquare, stepSize, offset) =>
          descend(w, scalar.div(scalar.mul(stepSize, mean), scalar.add(scalar.sqrt(meanSquare), offset))),
        decay.parameter(parameter, learningRate, weightDecay),
        m,
        divisor,
        learningRate.mul(root).div(biasCorrection(step, weight)),
        epsilonHat ? epsilon : root.mul(epsilon),
      );
    },
  });
}

function runningMean(old: Expr, value: Expr, weightOfOld: Expr): Expr {
  return scalar.add(scalar.mul(weightOfOld, old), scalar.mul(scalar.sub(1, weightOfOld), value));
}

function square(x: Expr): Expr {
  return scalar.mul(x, x);
}

/** 1 − betaᵗ as f32 [], by expm1: near β = 1 the difference would cancel. */
function biasCorrection(step: Tensor, beta: Operand): Tensor {
  // The logarithm of 0 is no number that every device can hold; anything this low gives the correction 1 too.
  const logarithm = (b: Expr): Expr => scalar.max(scalar.log(b), -100);
  const correction = (t: Expr, b: Expr): Expr => scalar.neg(scalar.expm1(scalar.mul(scalar.cast(t, 'f32'), logarithm(b))));
  return typeof beta === 'number' ? elementwise((t) => correction(t, scalar.constant(beta)), step) : elementwise(correction, step, beta);
}
