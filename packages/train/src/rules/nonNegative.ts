// The constraint that no weight is below 0.
import type { Constraint, NoOptions } from '@nn/core';
import { defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';

/** max(W, 0) per element; NaN stays NaN. */
export const nonNegative = defineFactory('nonNegative', createNonNegative, createNonNegative);

function createNonNegative(given: NoOptions = {}): Constraint {
  return Object.freeze<Constraint>({
    kind: 'nonNegative',
    options: resolveOptions('nonNegative', given, {}),
    apply: (parameter) => elementwise((w) => scalar.select(scalar.less(w, 0), 0, w), parameter),
  });
}
