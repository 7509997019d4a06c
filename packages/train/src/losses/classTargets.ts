// Targets of classification, as class indices or soft labels, inside of a loss.
import type { Tensor } from '@nn/core';
import { DTypeError, ShapeError, elementwise, iota, reshape, sameShape, scalar, specText } from '@nn/core';

/**
 * One row of weights per sample, f32 [batch, classes]: 1 at the class, or the soft labels as they are. A row of NaN for a class index out
 * of range, so that it cannot go unnoticed.
 *
 * @throws ShapeError, DTypeError unless scores are f32 [batch, classes] and the target i32 [batch] or f32 [batch, classes]
 */
export function targetRows(owner: string, scores: Tensor, target: Tensor): Tensor {
  checkClassTarget(owner, scores, target);
  if (target.dtype === 'f32') return target;
  const [rows, classes] = scores.shape as readonly [number, number];
  return elementwise(
    (label, index) => scalar.select(isClass(label, classes), scalar.cast(scalar.equal(label, index), 'f32'), Number.NaN),
    reshape(target, [rows, 1]),
    iota([rows, classes], 1),
  );
}

/** @throws as {@link targetRows}; with `indicesOnly` also for soft labels */
export function checkClassTarget(owner: string, scores: Tensor, target: Tensor, options: { readonly indicesOnly?: boolean } = {}): void {
  const given = `${owner}: the scores are ${specText(scores)} and the target ${specText(target)}`;
  const soft = options.indicesOnly !== true && sameShape(target.shape, scores.shape);
  const forms = `class indices i32 [batch]${options.indicesOnly === true ? ' are' : ' or soft labels f32 [batch, classes] are'} needed`;
  if (scores.shape.length !== 2 || !(soft || sameShape(target.shape, scores.shape.slice(0, 1)))) {
    throw new ShapeError(`${given}; scores [batch, classes] and ${forms}.`);
  }
  if (scores.dtype !== 'f32' || target.dtype !== (soft ? 'f32' : 'i32')) throw new DTypeError(`${given}; ${forms}, and scores f32.`);
}

/** Whether a label (i32) is the index of a class. */
function isClass(label: Parameters<typeof scalar.less>[0], classes: number): ReturnType<typeof scalar.less> {
  return scalar.and(scalar.greaterEqual(label, 0), scalar.less(label, classes));
}
