// What is made of every optimizer, loss, metric, regularizer and gradient transform: typed by what the packages export, so that a new
// one without a sample does not compile.
import type { AnyMetric, Constraint, GradientTransform, Loss, NdArray, Optimizer, Regularizer, Schedule } from '@nn/core';
import type * as optim from '@nn/optim';
import { adagrad, adam, adamW, clipByNorm, clipByValue, rmsprop, sgd } from '@nn/optim';
import type * as train from '@nn/train';
import {
  absoluteError,
  accuracy,
  binaryAccuracy,
  binaryCrossEntropy,
  confusionMatrix,
  elasticNet,
  huber,
  l1,
  l2,
  maxNorm,
  meanAbsoluteError,
  meanSquaredError,
  multiclassHinge,
  negativeLogLikelihood,
  nonNegative,
  smoothL1,
  softmaxCrossEntropy,
  topKAccuracy,
  unitNorm,
} from '@nn/train';
import type { Draw } from './arrays.ts';
import { integers, numbers } from './arrays.ts';

/** Names of the factories in a package whose products look like `Made`. */
type FactoriesOf<Package, Made> = {
  [Name in keyof Package]: Package[Name] extends { readonly kind: string; readonly rebuild: (...given: never[]) => Made } ? Name : never;
}[keyof Package];

type OptimizerName = FactoriesOf<typeof optim, Pick<Optimizer, 'update'>>;
/** Schedules are functions, and functions have an `apply` too. */
type TransformName = Exclude<FactoriesOf<typeof optim, Pick<GradientTransform, 'apply'>>, FactoriesOf<typeof optim, Schedule>>;
type ConstraintName = FactoriesOf<typeof train, Pick<Constraint, 'apply'>>;
/** A constraint ignores the target that a loss takes, so it would pass for one. */
type LossName = Exclude<FactoriesOf<typeof train, Pick<Loss, 'apply'>>, ConstraintName>;
type MetricName = FactoriesOf<typeof train, Pick<AnyMetric, 'accumulate'>>;
type RegularizerName = FactoriesOf<typeof train, Pick<Regularizer, 'penalty'>>;

interface Titled<Made> {
  readonly title: string;
  readonly made: Made;
}

const titled = <Made>(title: string, made: Made): Titled<Made> => ({ title, made });

export const optimizerSamples: { readonly [Name in OptimizerName]: readonly Titled<Optimizer>[] } = {
  sgd: [
    titled('plain', sgd({ learningRate: 0.1 })),
    titled('with momentum', sgd({ learningRate: 0.1, momentum: 0.9 })),
    titled('with Nesterov momentum and decay', sgd({ learningRate: 0.05, momentum: 0.8, nesterov: true, weightDecay: 0.01 })),
    titled('with damped momentum', sgd({ learningRate: 0.05, momentum: 0.8, dampening: 0.5 })),
    titled('with the rate inside of the velocity', sgd({ learningRate: 0.05, momentum: 0.8, learningRateMode: 'inside' })),
  ],
  adam: [
    titled('with its defaults', adam({ learningRate: 0.01 })),
    titled('with other settings', adam({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 })),
    titled('amsgrad with the other epsilon', adam({ learningRate: 0.01, epsilon: 1e-3, epsilonHat: true, amsgrad: true })),
  ],
  adamW: [titled('with decay', adamW({ learningRate: 0.01, weightDecay: 0.1 }))],
  rmsprop: [
    titled('with its defaults', rmsprop()),
    titled('centered, with momentum', rmsprop({ epsilon: 1e-3, centered: true, momentum: 0.8 })),
    titled(
      'in the form of Keras',
      rmsprop({ decay: 0.9, epsilonMode: 'inside', momentum: 0.8, learningRateMode: 'inside', weightDecay: 0.01 }),
    ),
  ],
  adagrad: [
    titled('with its defaults', adagrad({ learningRate: 0.1 })),
    titled('with other settings', adagrad({ learningRate: 0.1, learningRateDecay: 0.1, initialAccumulator: 0.1, epsilonMode: 'inside' })),
  ],
};

export const transformSamples: { readonly [Name in TransformName]: readonly Titled<GradientTransform>[] } = {
  clipByNorm: [titled('to 0.1', clipByNorm(0.1)), titled('to 1000', clipByNorm(1000))],
  clipByValue: [titled('to 0.05', clipByValue(0.05))],
};

export const regularizerSamples: { readonly [Name in RegularizerName]: readonly Titled<Regularizer>[] } = {
  l1: [titled('0.01', l1(0.01)), titled('0.5, proximal', l1(0.5, { proximal: true }))],
  l2: [titled('0.01', l2(0.01))],
  elasticNet: [
    titled('as in the lecture', elasticNet({ lambda: 0.01, beta: 0.5 })),
    titled('proximal', elasticNet({ l1: 0.2, l2: 0.1, proximal: true })),
  ],
};

export const constraintSamples: { readonly [Name in ConstraintName]: readonly Titled<Constraint>[] } = {
  maxNorm: [titled('0.5 per unit', maxNorm(0.5)), titled('1 over all', maxNorm(1, { axes: [0, 1] }))],
  unitNorm: [titled('per unit', unitNorm())],
  nonNegative: [titled('all weights', nonNegative())],
};

/** A loss or metric with a prediction and a target. */
export interface Judgement<Made> extends Titled<Made> {
  readonly prediction: NdArray;
  readonly target: NdArray;
}

export function lossSamplesOf({ normal, probabilities }: Draw): { readonly [Name in LossName]: readonly Judgement<Loss>[] } {
  const logits = normal('logits', [5, 4]);
  const labels = integers(3, 0, 2, 1, 3);
  const soft = probabilities('target', [5, 4]);
  const rows = { prediction: normal('prediction', [5, 3]), target: normal('target', [5, 3]) };
  const classWeights = [0.5, 2, 1, 1.5];
  return {
    softmaxCrossEntropy: [
      { ...titled('class indices', softmaxCrossEntropy()), prediction: logits, target: labels },
      { ...titled('soft labels', softmaxCrossEntropy()), prediction: logits, target: soft },
      { ...titled('smoothed', softmaxCrossEntropy({ labelSmoothing: 0.1 })), prediction: logits, target: labels },
      {
        ...titled('weighted and smoothed', softmaxCrossEntropy({ labelSmoothing: 0.1, classWeights })),
        prediction: logits,
        target: labels,
      },
    ],
    negativeLogLikelihood: [
      { ...titled('class indices', negativeLogLikelihood()), prediction: logits, target: labels },
      { ...titled('weighted soft labels', negativeLogLikelihood({ classWeights })), prediction: logits, target: soft },
    ],
    multiclassHinge: [
      { ...titled('as in the lecture', multiclassHinge()), prediction: logits, target: labels },
      { ...titled('the largest, squared', multiclassHinge({ over: 'max', squared: true, margin: 2 })), prediction: logits, target: labels },
      { ...titled('weighted', multiclassHinge({ classWeights })), prediction: logits, target: labels },
    ],
    binaryCrossEntropy: [
      { ...titled('plain', binaryCrossEntropy()), prediction: logits, target: soft },
      { ...titled('smoothed', binaryCrossEntropy({ positiveWeight: 3, labelSmoothing: 0.2 })), prediction: logits, target: soft },
      { ...titled('weighted', binaryCrossEntropy({ positiveWeight: [1, 2, 0.5, 4] })), prediction: logits, target: soft },
    ],
    meanSquaredError: [{ ...titled('rows', meanSquaredError()), ...rows }],
    meanAbsoluteError: [{ ...titled('rows', meanAbsoluteError()), ...rows }],
    huber: [{ ...titled('delta 0.5', huber({ delta: 0.5 })), ...rows }],
    smoothL1: [{ ...titled('beta 0.5', smoothL1({ beta: 0.5 })), ...rows }],
  };
}

export function metricSamplesOf({ normal }: Draw): { readonly [Name in MetricName]: readonly Judgement<AnyMetric>[] } {
  const classified = { prediction: normal('logits', [5, 4]), target: integers(3, 0, 2, 1, 3) };
  const tied = { prediction: numbers(1, 1, 0, 2, 2, 2).reshape([2, 3]), target: integers(0, 0) };
  return {
    accuracy: [
      { ...titled('class indices', accuracy()), ...classified },
      { ...titled('ties', accuracy()), ...tied },
    ],
    topKAccuracy: [
      { ...titled('of two', topKAccuracy(2)), ...classified },
      { ...titled('ties', topKAccuracy(2)), ...tied },
    ],
    binaryAccuracy: [
      {
        ...titled('logits', binaryAccuracy()),
        prediction: numbers(1, -2.5, 0, 4).reshape([2, 2]),
        target: numbers(1, 0, 1, 0).reshape([2, 2]),
      },
    ],
    confusionMatrix: [{ ...titled('class indices', confusionMatrix()), ...classified }],
    absoluteError: [
      // Halves, whose differences and sums are exact everywhere.
      {
        ...titled('rows', absoluteError()),
        prediction: numbers(1, -2.5, 0, 4).reshape([2, 2]),
        target: numbers(0.5, 2, 0, -1).reshape([2, 2]),
      },
    ],
  };
}
