// The confusion matrix: which classes are taken for which.
import type { Metric, NdArray, NoOptions } from '@nn/core';
import { argMax, defineFactory, matmul, oneHot, reshape, resolveOptions, zeros } from '@nn/core';
import { expectedClasses } from './classes.ts';

/**
 * How often a sample of class i (row) was taken for class j (column): an array [classes, classes] of counts, whose sum is the number of
 * samples and whose diagonal holds the hits. Prediction and target as of `accuracy`. Sums are exact up to 2²⁴ samples of a pair in one
 * batch, and without bound over batches.
 */
export const confusionMatrix = defineFactory('confusionMatrix', createConfusionMatrix, createConfusionMatrix);

function createConfusionMatrix(given: NoOptions = {}): Metric<NdArray> {
  return Object.freeze<Metric<NdArray>>({
    kind: 'confusionMatrix',
    options: resolveOptions('confusionMatrix', given, {}),
    accumulate(prediction, target) {
      const classes = prediction.shape.at(-1)!;
      const actual = reshape(expectedClasses('confusionMatrix', prediction, target), [-1]);
      const guessed = reshape(argMax(prediction, -1), [-1]);
      return { counts: matmul(oneHot(actual, classes), oneHot(guessed, classes), { transposeA: true }) };
    },
    result: ({ counts }) => counts ?? zeros([0, 0]),
  });
}
