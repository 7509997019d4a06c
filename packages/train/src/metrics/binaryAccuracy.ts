// Accuracy of questions that are answered by yes or no, each for itself.
import type { Metric } from '@nn/core';
import { checkNumber, constant, defineFactory, elementwise, full, resolveOptions, scalar, sizeOf, sum } from '@nn/core';
import { checkAligned } from '../losses/regression.ts';

export interface BinaryAccuracyOptions {
  /** Scores above it mean yes (0, for logits; 0.5 is for probabilities). */
  readonly threshold?: number;
}

/**
 * The part of the answers that are right: score > threshold where target > ½, for all elements. Prediction and target are f32 of one shape
 * [batch, …], as of `binaryCrossEntropy`; no axis stretches.
 *
 * @throws ConfigError unless the threshold is a finite number
 */
export const binaryAccuracy = defineFactory('binaryAccuracy', createBinaryAccuracy, createBinaryAccuracy);

function createBinaryAccuracy(given: BinaryAccuracyOptions = {}): Metric {
  const options = resolveOptions('binaryAccuracy', given, { threshold: 0 });
  const { threshold } = options;
  checkNumber('binaryAccuracy', 'threshold', threshold);
  return Object.freeze<Metric>({
    kind: 'binaryAccuracy',
    options: Object.freeze(options),
    accumulate(prediction, target) {
      checkAligned('binaryAccuracy', prediction, target);
      const hits = elementwise(
        (score, answer) => {
          const yes = scalar.and(scalar.greater(score, threshold), scalar.greater(answer, 0.5));
          const no = scalar.and(scalar.lessEqual(score, threshold), scalar.lessEqual(answer, 0.5));
          return scalar.cast(scalar.or(yes, no), 'f32');
        },
        prediction,
        target,
      );
      return { correct: sum(hits), total: constant(full([], sizeOf(prediction.shape))) };
    },
    result: ({ correct = 0, total = 0 }) => correct / total,
  });
}
