// The constraint that no unit's weights are longer than a limit.
import type { Constraint } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import type { NormOptions } from './norms.ts';
import { lengths } from './norms.ts';

/**
 * W · max / maximum(‖W‖, max): a vector that is longer than `max` is shortened to it, the others keep their bits.
 * Source: Srivastava et al., "Dropout" (2014), section 5.1.
 *
 * @throws ConfigError unless `max` is a finite number above 0
 */
export const maxNorm = defineFactory('maxNorm', createMaxNorm, ({ max, axes }) => createMaxNorm(max as number, { axes: axes as number[] }));

function createMaxNorm(max: number, given: NormOptions = {}): Constraint {
  checkNumber('maxNorm', 'max', max, { above: 0 });
  const { axes } = resolveOptions<{ axes: readonly number[] | undefined }>('maxNorm', given, { axes: undefined });
  return Object.freeze<Constraint>({
    kind: 'maxNorm',
    options: Object.freeze({ max, axes }),
    apply: (parameter) =>
      elementwise((w, length) => scalar.mul(w, scalar.div(max, scalar.max(length, max))), parameter, lengths(parameter, axes)),
  });
}
