// The absolute error as a metric: how far off predictions are, in the unit of the target.
import type { Metric, NoOptions } from '@nn/core';
import { constant, defineFactory, elementwise, full, resolveOptions, scalar, sizeOf, sum } from '@nn/core';
import { checkAligned } from '../losses/regression.ts';

/** |prediction − target|, averaged over all elements. Both are f32 of one shape [batch, …]; no axis stretches. */
export const absoluteError = defineFactory('absoluteError', createAbsoluteError, createAbsoluteError);

function createAbsoluteError(given: NoOptions = {}): Metric {
  return Object.freeze<Metric>({
    kind: 'absoluteError',
    options: resolveOptions('absoluteError', given, {}),
    accumulate(prediction, target) {
      checkAligned('absoluteError', prediction, target);
      const distances = elementwise((a, b) => scalar.abs(scalar.sub(a, b)), prediction, target);
      return { distance: sum(distances), count: constant(full([], sizeOf(prediction.shape))) };
    },
    result: ({ distance = 0, count = 0 }) => distance / count,
  });
}
