// Mean absolute error, also called L1 loss: far outliers pull no harder than near ones.
import type { Loss, NoOptions } from '@nn/core';
import { defineFactory, resolveOptions, scalar } from '@nn/core';
import { elementwiseLoss } from './regression.ts';

/**
 * |prediction − target|, averaged over everything but the batch. The gradient where both are equal is 0.
 * Prediction and target are f32 of one shape [batch, …]; no axis stretches.
 *
 * @throws ShapeError, DTypeError when prediction and target do not fit
 */
export const meanAbsoluteError = defineFactory('meanAbsoluteError', createMeanAbsoluteError, createMeanAbsoluteError);

function createMeanAbsoluteError(given: NoOptions = {}): Loss {
  return elementwiseLoss('meanAbsoluteError', resolveOptions('meanAbsoluteError', given, {}), (prediction, target) =>
    scalar.abs(scalar.sub(prediction, target)),
  );
}
