// Mean squared error: the loss of regression.
import type { Loss } from '@nn/core';
import { defineFactory, scalar } from '@nn/core';
import { elementwiseLoss } from './regression.ts';

/**
 * (prediction − target)², averaged over everything but the batch. Prediction and target are f32 of one shape [batch, …]; no axis stretches.
 * @throws ShapeError, DTypeError when prediction and target do not fit
 */
export const meanSquaredError = defineFactory('meanSquaredError', createMeanSquaredError, createMeanSquaredError);

function createMeanSquaredError(): Loss {
  return elementwiseLoss('meanSquaredError', {}, (prediction, target) => {
    const difference = scalar.sub(prediction, target);
    return scalar.mul(difference, difference);
  });
}
