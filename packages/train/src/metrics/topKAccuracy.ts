// Top-k accuracy: how often the right class is among the k with the highest scores.
import type { Metric } from '@nn/core';
import {
  ConfigError,
  cast,
  checkInteger,
  constant,
  defineFactory,
  elementwise,
  full,
  iota,
  less,
  reshape,
  scalar,
  sizeOf,
  sum,
} from '@nn/core';
import { expectedClasses } from './classes.ts';

/**
 * The part of the samples whose class has one of the `k` highest scores; with k = 1 it is `accuracy`. Prediction f32 [batch, …, classes];
 * the target as of `accuracy`. Of equal scores the first class is the higher one, and a score of NaN is never among the highest.
 *
 * @throws ConfigError unless `k` is an integer from 1, and no more than there are classes
 */
export const topKAccuracy = defineFactory('topKAccuracy', createTopKAccuracy, ({ k }) => createTopKAccuracy(k as number));

function createTopKAccuracy(k: number): Metric {
  checkInteger('topKAccuracy', 'k', k, { from: 1 });
  return Object.freeze<Metric>({
    kind: 'topKAccuracy',
    options: Object.freeze({ k }),
    accumulate(prediction, target) {
      const expected = expectedClasses('topKAccuracy', prediction, target);
      const classes = prediction.shape.at(-1)!;
      if (k > classes) throw new ConfigError(`topKAccuracy: k is ${k}, but there are ${classes} classes, so every sample would count.`);
      const label = reshape(expected, [...expected.shape, 1]);
      const position = iota(prediction.shape, -1);
      const own = sum(
        elementwise((score, index, of) => scalar.select(scalar.equal(index, of), score, 0), prediction, position, label),
        -1,
        { keepDims: true },
      );
      // What is not certainly lower stands before it: so is everything where the own score is NaN, itself included.
      const before = elementwise(
        (score, of, index, place) => {
          const tied = scalar.and(scalar.equal(score, of), scalar.greaterEqual(index, place));
          return scalar.cast(scalar.not(scalar.or(scalar.less(score, of), tied)), 'f32');
        },
        prediction,
        own,
        position,
        label,
      );
      const hits = less(sum(before, -1), k);
      return { correct: sum(cast(hits, 'f32')), total: constant(full([], sizeOf(expected.shape))) };
    },
    result: ({ correct = 0, total = 0 }) => correct / total,
  });
}
