// The constraint that every unit's weights have length 1.
import type { Constraint } from '@nn/core';
import { defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import type { NormOptions } from './norms.ts';
import { lengths } from './norms.ts';

/** W / ‖W‖. A vector of zeros has no direction and stays as it is. */
export const unitNorm = defineFactory('unitNorm', createUnitNorm, ({ axes }) => createUnitNorm({ axes: axes as number[] }));

function createUnitNorm(given: NormOptions = {}): Constraint {
  const { axes } = resolveOptions<{ axes: readonly number[] | undefined }>('unitNorm', given, { axes: undefined });
  return Object.freeze<Constraint>({
    kind: 'unitNorm',
    options: Object.freeze({ axes }),
    apply: (parameter) =>
      elementwise((w, length) => scalar.select(scalar.equal(length, 0), w, scalar.div(w, length)), parameter, lengths(parameter, axes)),
  });
}
