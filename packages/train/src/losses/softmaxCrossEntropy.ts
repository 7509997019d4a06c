// Softmax cross-entropy: the loss of classification.
import type { Loss, Tensor } from '@nn/core';
import {
  checkNumber,
  defineFactory,
  elementwise,
  resolveOptions,
  scalar,
  softmaxCrossEntropy as softmaxCrossEntropyOfLogits,
} from '@nn/core';
import { targetRows } from './classTargets.ts';
import { checkClassWeights, classWeightsTensor } from './classWeights.ts';

export interface SoftmaxCrossEntropyOptions {
  /** Part of the target that is spread evenly over all classes, in [0, 1] (0). */
  readonly labelSmoothing?: number;
  /** Factor on the terms of each class, in the order of the classes (1 for all). */
  readonly classWeights?: readonly number[];
}

interface Resolved {
  readonly labelSmoothing: number;
  readonly classWeights: readonly number[] | undefined;
}

/**
 * −Σ_c w_c q_c log softmax(logits)_c per sample. Logits f32 [batch, classes]; the target q is class indices i32 [batch] or soft labels
 * f32 [batch, classes]; w are the class weights. Finite for logits of any size. The last layer of the model has no softmax of its own.
 *
 * @throws ConfigError for a smoothing outside [0, 1], or weights that are negative or not finite
 */
export const softmaxCrossEntropy = defineFactory('softmaxCrossEntropy', createSoftmaxCrossEntropy, createSoftmaxCrossEntropy);

function createSoftmaxCrossEntropy(given: SoftmaxCrossEntropyOptions = {}): Loss {
  const options = resolveOptions<Resolved>('softmaxCrossEntropy', given, { labelSmoothing: 0, classWeights: undefined });
  const { labelSmoothing, classWeights } = options;
  checkNumber('softmaxCrossEntropy', 'labelSmoothing', labelSmoothing, { from: 0, to: 1 });
  if (classWeights !== undefined) checkClassWeights('softmaxCrossEntropy', classWeights);
  return Object.freeze<Loss>({
    kind: 'softmaxCrossEntropy',
    options: Object.freeze(options),
    apply: (logits, target) =>
      classWeights === undefined
        ? softmaxCrossEntropyOfLogits(logits, target, { labelSmoothing })
        : softmaxCrossEntropyOfLogits(logits, weightedRows(logits, target, { labelSmoothing, classWeights })),
  });
}

/** Smoothed rows times the weights of the classes: soft labels whose mass is not 1. */
function weightedRows(
  logits: Tensor,
  target: Tensor,
  { labelSmoothing, classWeights }: { readonly labelSmoothing: number; readonly classWeights: readonly number[] },
): Tensor {
  const rows = targetRows('softmaxCrossEntropy', logits, target);
  const floor = labelSmoothing / classWeights.length;
  return elementwise(
    (q, weight) => scalar.mul(scalar.add(scalar.mul(q, 1 - labelSmoothing), floor), weight),
    rows,
    classWeightsTensor('softmaxCrossEntropy', classWeights, logits),
  );
}
