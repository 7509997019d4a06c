// Mean squared error: the loss of regression.
import type { Loss } from '@nn/core';
import { DTypeError, ShapeError, defineFactory, mean, sameShape, specText, square } from '@nn/core';

/**
 * (prediction − target)², averaged over everything but the batch. Prediction and target are f32 of one shape [batch, …]: a target of
 * [batch] against a prediction of [batch, 1] would stretch to [batch, batch] and train on nonsense, so it is refused.
 */
export const meanSquaredError = defineFactory('meanSquaredError', createMeanSquaredError, createMeanSquaredError);

function createMeanSquaredError(): Loss {
  return Object.freeze<Loss>({
    kind: 'meanSquaredError',
    options: {},
    apply(prediction, target) {
      if (!sameShape(prediction.shape, target.shape)) {
        const hint =
          target.shape.length + 1 === prediction.shape.length ? ' Give each target its own row: [[1], [2]] rather than [1, 2].' : '';
        throw new ShapeError(
          `meanSquaredError: the prediction is ${specText(prediction)} and the target ${specText(target)}; equal shapes are needed.${hint}`,
        );
      }
      if (prediction.dtype !== 'f32' || target.dtype !== 'f32') {
        throw new DTypeError(
          `meanSquaredError: the prediction is ${specText(prediction)} and the target ${specText(target)}; both must be f32.`,
        );
      }
      const squares = square(prediction.sub(target));
      const [, ...sampleAxes] = squares.shape.keys();
      return sampleAxes.length === 0 ? squares : mean(squares, sampleAxes);
    },
  });
}
