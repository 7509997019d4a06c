// Accuracy: how often the class with the highest score is the right one.
import type { Metric, Tensor } from '@nn/core';
import { DTypeError, ShapeError, argMax, cast, constant, defineFactory, equal, full, sameShape, sizeOf, specText, sum } from '@nn/core';

/**
 * The part of the samples whose highest score stands at the target's class. Prediction f32 [batch, …, classes]; the target is class
 * indices i32 [batch, …], or soft labels of the prediction's shape, whose highest entry counts. Ties go to the first class.
 */
export const accuracy = defineFactory('accuracy', createAccuracy, createAccuracy);

function createAccuracy(): Metric {
  return Object.freeze<Metric>({
    kind: 'accuracy',
    options: {},
    accumulate(prediction, target) {
      const expected = classesOf(prediction, target);
      const hits = equal(argMax(prediction, -1), expected);
      return { correct: sum(cast(hits, 'f32')), total: constant(full([], sizeOf(expected.shape))) };
    },
    result: ({ correct = 0, total = 0 }) => correct / total,
  });
}

function classesOf(prediction: Tensor, target: Tensor): Tensor {
  const soft = sameShape(prediction.shape, target.shape);
  if (!soft && !sameShape(prediction.shape.slice(0, -1), target.shape)) {
    throw new ShapeError(
      `accuracy: the prediction is ${specText(prediction)} and the target ${specText(target)}; ` +
        'class indices have the shape of the prediction without its last axis, soft labels the same shape.',
    );
  }
  const needed = soft ? 'f32' : 'i32';
  if (target.dtype !== needed)
    throw new DTypeError(`accuracy: the target is ${specText(target)}, but ${soft ? 'soft labels are' : 'class indices are'} ${needed}.`);
  return soft ? argMax(target, -1) : target;
}
