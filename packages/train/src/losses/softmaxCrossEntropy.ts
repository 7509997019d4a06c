// Softmax cross-entropy: the loss of classification.
import type { Loss } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions, softmaxCrossEntropy as softmaxCrossEntropyOfLogits } from '@nn/core';

export interface SoftmaxCrossEntropyOptions {
  /** Part of the target that is spread evenly over all classes, in [0, 1] (0). */
  readonly labelSmoothing?: number;
}

/**
 * −Σ target · log softmax(logits), per sample. Logits f32 [batch, classes]; the target is class indices i32 [batch] or soft labels
 * f32 [batch, classes]. Finite for logits of any size. The last layer of the model has no softmax of its own.
 *
 * @throws ConfigError for a smoothing outside [0, 1]
 */
export const softmaxCrossEntropy = defineFactory('softmaxCrossEntropy', createSoftmaxCrossEntropy, createSoftmaxCrossEntropy);

function createSoftmaxCrossEntropy(given: SoftmaxCrossEntropyOptions = {}): Loss {
  const options = resolveOptions('softmaxCrossEntropy', given, { labelSmoothing: 0 });
  checkNumber('softmaxCrossEntropy', 'labelSmoothing', options.labelSmoothing, { from: 0, to: 1 });
  return Object.freeze<Loss>({
    kind: 'softmaxCrossEntropy',
    options: Object.freeze(options),
    apply: (prediction, target) => softmaxCrossEntropyOfLogits(prediction, target, options),
  });
}
