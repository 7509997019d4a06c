// What is made of every optimizer, loss, metric, regularizer and gradient transform: typed by what the packages export, so that a new
// one without a sample does not compile.
import type { GradientTransform, Loss, Metric, NdArray, Optimizer, Regularizer, Schedule } from '@nn/core';
import type * as optim from '@nn/optim';
import { adam, adamW, clipByNorm, clipByValue, sgd } from '@nn/optim';
import type * as train from '@nn/train';
import { accuracy, l2, meanSquaredError, softmaxCrossEntropy } from '@nn/train';
import type { Draw } from './arrays.ts';
import { integers, numbers } from './arrays.ts';

/** Names of the factories in a package whose products look like `Made`. */
type FactoriesOf<Package, Made> = {
  [Name in keyof Package]: Package[Name] extends { readonly kind: string; readonly rebuild: (...given: never[]) => Made } ? Name : never;
}[keyof Package];

type OptimizerName = FactoriesOf<typeof optim, Pick<Optimizer, 'update'>>;
/** Schedules are functions, and functions have an `apply` too. */
type TransformName = Exclude<FactoriesOf<typeof optim, Pick<GradientTransform, 'apply'>>, FactoriesOf<typeof optim, Schedule>>;
type LossName = FactoriesOf<typeof train, Pick<Loss, 'apply'>>;
type MetricName = FactoriesOf<typeof train, Pick<Metric, 'accumulate'>>;
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
  ],
  adam: [
    titled('with its defaults', adam({ learningRate: 0.01 })),
    titled('with other settings', adam({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 })),
  ],
  adamW: [titled('with decay', adamW({ learningRate: 0.01, weightDecay: 0.1 }))],
};

export const transformSamples: { readonly [Name in TransformName]: readonly Titled<GradientTransform>[] } = {
  clipByNorm: [titled('to 0.1', clipByNorm(0.1)), titled('to 1000', clipByNorm(1000))],
  clipByValue: [titled('to 0.05', clipByValue(0.05))],
};

export const regularizerSamples: { readonly [Name in RegularizerName]: readonly Titled<Regularizer>[] } = {
  l2: [titled('0.01', l2(0.01))],
};

/** A loss or metric with a prediction and a target. */
export interface Judgement<Made> extends Titled<Made> {
  readonly prediction: NdArray;
  readonly target: NdArray;
}

export function lossSamplesOf({ normal, probabilities }: Draw): { readonly [Name in LossName]: readonly Judgement<Loss>[] } {
  const logits = normal('logits', [5, 4]);
  return {
    softmaxCrossEntropy: [
      { ...titled('class indices', softmaxCrossEntropy()), prediction: logits, target: integers(3, 0, 2, 1, 3) },
      { ...titled('soft labels', softmaxCrossEntropy()), prediction: logits, target: probabilities('target', [5, 4]) },
      { ...titled('smoothed', softmaxCrossEntropy({ labelSmoothing: 0.1 })), prediction: logits, target: integers(3, 0, 2, 1, 3) },
    ],
    meanSquaredError: [
      { ...titled('rows', meanSquaredError()), prediction: normal('prediction', [5, 3]), target: normal('target', [5, 3]) },
    ],
  };
}

export function metricSamplesOf({ normal }: Draw): { readonly [Name in MetricName]: readonly Judgement<Metric>[] } {
  return {
    accuracy: [
      { ...titled('class indices', accuracy()), prediction: normal('logits', [5, 4]), target: integers(3, 0, 2, 1, 3) },
      { ...titled('ties', accuracy()), prediction: numbers(1, 1, 0, 2, 2, 2).reshape([2, 3]), target: integers(0, 0) },
    ],
  };
}
