// Accuracy: how often the class with the highest score is the right one.
import type { Metric, NoOptions } from '@nn/core';
import { argMax, cast, constant, defineFactory, equal, full, resolveOptions, sizeOf, sum } from '@nn/core';
import { expectedClasses } from './classes.ts';

/**
 * The part of the samples whose highest score stands at the target's class. Prediction f32 [batch, …, classes]; the target is class
 * indices i32 [batch, …], or soft labels of the prediction's shape, whose highest entry counts. Ties go to the first class.
 */
export const accuracy = defineFactory('accuracy', createAccuracy, createAccuracy);

function createAccuracy(given: NoOptions = {}): Metric {
  return Object.freeze<Metric>({
    kind: 'accuracy',
    options: resolveOptions('accuracy', given, {}),
    accumulate(prediction, target) {
      const expected = expectedClasses('accuracy', prediction, target);
      const hits = equal(argMax(prediction, -1), expected);
      return { correct: sum(cast(hits, 'f32')), total: constant(full([], sizeOf(expected.shape))) };
    },
    result: ({ correct = 0, total = 0 }) => correct / total,
  });
}
