// Mean squared error: the loss of regression.
import type { Loss, NoOptions } from '@nn/core';
import { defineFactory, resolveOptions, scalar } from '@nn/core';
import { elementwiseLoss } from './regression.ts';

/**
 * (prediction − target)², averaged over everything but the batch. Prediction and target are f32 of one shape [batch, …]; no axis stretches.
 * @throws ShapeError, DTypeError when prediction and target do not fit
 */
export const meanSquaredError = defineFactory('meanSquaredError', createMeanSquaredError, createMeanSquaredError);

function createMeanSquaredError(given: NoOptions = {}): Loss {
  return elementwiseLoss('meanSquaredError', resolveOptions('meanSquaredError', given, {}), (prediction, target) => {
    const difference = scalar.sub(prediction, target);
    return scalar.mul(difference, difference);
  });
}
