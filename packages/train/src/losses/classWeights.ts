// Weights of classes: how much a sample of each class counts in a loss.
import type { ArrayLike, Tensor } from '@nn/core';
import { ConfigError, DataError, ShapeError, checkInteger, checkNumber, constant, gather, ndarray, specText } from '@nn/core';
import type { Samples } from '@nn/data';
import { isSamples } from '@nn/data';

/** @throws ConfigError unless every weight is a finite number from 0, one of them above 0 */
export function checkClassWeights(owner: string, weights: readonly number[]): readonly number[] {
  if (!Array.isArray(weights) || weights.length === 0) {
    throw new ConfigError(`${owner}: classWeights is a list with one number per class, in the order of the classes.`);
  }
  weights.forEach((weight: number, index) => checkNumber(owner, `classWeights[${index}]`, weight, { from: 0 }));
  if (!weights.some((weight) => weight > 0)) throw new ConfigError(`${owner}: every entry of classWeights is 0, so nothing would count.`);
  return Object.freeze([...weights]);
}

/**
 * The weight of each sample's class: f32 [batch].
 * @param target class indices i32 [batch]
 * @throws ShapeError unless there is one weight per class
 */
export function weightsOfSamples(owner: string, weights: readonly number[], scores: Tensor, target: Tensor): Tensor {
  return gather(classWeightsTensor(owner, weights, scores), target);
}

/** The weights as f32 [classes]. @throws ShapeError unless there is one per class */
export function classWeightsTensor(owner: string, weights: readonly number[], scores: Tensor): Tensor {
  const classes = scores.shape.at(-1);
  if (weights.length !== classes) {
    throw new ShapeError(
      `${owner}: there are ${weights.length} classWeights, but the scores ${specText(scores)} are of ${classes} classes.`,
    );
  }
  return constant(ndarray([...weights], { dtype: 'f32' }));
}

/**
 * Weights with which every class counts as much as any other: samples / (classes · samples of the class). Over the data they average 1,
 * so a loss keeps its size.
 *
 * @param labels class indices of the training data [rows]: numbers, an array, or the `y` of a data set
 * @throws DataError for a label that is no index of a class, or a class without samples
 */
export function balancedClassWeights(labels: ArrayLike | Samples, classes: number): number[] {
  checkInteger('balancedClassWeights', 'classes', classes, { from: 1 });
  const { data: values } = isSamples(labels) ? labels.slice() : ndarray(labels);
  const counts = new Array<number>(classes).fill(0);
  for (let index = 0; index < values.length; index++) {
    const label = values[index]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(`Label ${index} is ${label}; a class index is a whole number from 0 to ${classes - 1}.`);
    }
    counts[label] = counts[label]! + 1;
  }
  return counts.map((count, label) => {
    if (count === 0)
      throw new DataError(`Class ${label} has no samples, so no weight can make up for it. Give fewer classes, or more data.`);
    return values.length / (classes * count);
  });
}
