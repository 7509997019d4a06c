// Which class a metric of classification expects.
import type { Tensor } from '@nn/core';
import { ConfigError, DTypeError, ShapeError, argMax, sameShape, specText } from '@nn/core';

/**
 * The class of each sample, i32 [batch, …]: class indices as they are, of soft labels the highest entry, the first at ties.
 * @param prediction f32 [batch, …, classes]
 * @throws ShapeError, DTypeError when they do not fit; ConfigError for a single class
 */
export function expectedClasses(owner: string, prediction: Tensor, target: Tensor): Tensor {
  const soft = sameShape(prediction.shape, target.shape);
  if (!soft && !sameShape(prediction.shape.slice(0, -1), target.shape)) {
    throw new ShapeError(
      `${owner}: the prediction is ${specText(prediction)} and the target ${specText(target)}; ` +
        'class indices have the shape of the prediction without its last axis, soft labels the same shape.',
    );
  }
  if (prediction.shape.at(-1) === 1) {
    throw new ConfigError(
      `${owner}: the prediction is ${specText(prediction)}: of one score per sample the highest is always the same. ` +
        'Answers by yes or no are judged by binaryAccuracy().',
    );
  }
  const needed = soft ? 'f32' : 'i32';
  if (target.dtype !== needed)
    throw new DTypeError(`${owner}: the target is ${specText(target)}, but ${soft ? 'soft labels are' : 'class indices are'} ${needed}.`);
  return soft ? argMax(target, -1) : target;
}
