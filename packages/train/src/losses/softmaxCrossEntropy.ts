// Softmax cross-entropy: the loss of classification.
import type { Loss } from '@nn/core';
import { ConfigError, softmaxCrossEntropy as softmaxCrossEntropyOfLogits } from '@nn/core';

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
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions = {}): Loss {
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ConfigError(`softmaxCrossEntropy: labelSmoothing is ${String(labelSmoothing)}; it is a part of the target, from 0 to 1.`);
  }
  return Object.freeze<Loss>({
    kind: 'softmaxCrossEntropy',
    options: { labelSmoothing },
    apply: (prediction, target) => softmaxCrossEntropyOfLogits(prediction, target, { labelSmoothing }),
  });
}
