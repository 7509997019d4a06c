// What the losses of regression share: one formula per element, averaged over everything but the batch.
import type { Expr, Loss, Options, Tensor } from '@nn/core';
import { DTypeError, ShapeError, elementwise, mean, sameShape, specText } from '@nn/core';

/**
 * A loss that is the mean over the elements of a sample. Prediction and target are f32 of one shape [batch, …]: a target of [batch]
 * against a prediction of [batch, 1] would stretch to [batch, batch] and train on nonsense, so it is refused.
 *
 * @param term the loss of one element
 */
export function elementwiseLoss(kind: string, options: Options, term: (prediction: Expr, target: Expr) => Expr): Loss {
  return Object.freeze<Loss>({
    kind,
    options: Object.freeze(options),
    apply(prediction, target) {
      checkAligned(kind, prediction, target);
      return meanOfSamples(elementwise(term, prediction, target));
    },
  });
}

/** Mean over everything but the first axis: f32 [batch]. */
export function meanOfSamples(elements: Tensor): Tensor {
  const [, ...sampleAxes] = elements.shape.keys();
  return sampleAxes.length === 0 ? elements : mean(elements, sampleAxes);
}

/** @throws ShapeError unless prediction and target have one shape with a batch axis, DTypeError unless both are f32 */
export function checkAligned(owner: string, prediction: Tensor, target: Tensor): void {
  const given = `${owner}: the prediction is ${specText(prediction)} and the target ${specText(target)}`;
  if (!sameShape(prediction.shape, target.shape)) {
    const hint = target.shape.length + 1 === prediction.shape.length ? ' Give each target its own row: [[1], [2]] rather than [1, 2].' : '';
    throw new ShapeError(`${given}; equal shapes are needed.${hint}`);
  }
  if (prediction.shape.length === 0) throw new ShapeError(`${given}; the first axis counts the samples.`);
  if (prediction.dtype !== 'f32' || target.dtype !== 'f32') throw new DTypeError(`${given}; both must be f32.`);
}
