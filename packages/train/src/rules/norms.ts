// Lengths of the vectors that a constraint speaks of: the weights of one unit, unless axes are given.
import type { Tensor } from '@nn/core';
import { elementwise, max, normalizeAxes, scalar, sqrt, square, sum } from '@nn/core';

export interface NormOptions {
  /**
   * The axes along which a vector lies. By default all but the last: [in, out] and [height, width, in, out] have one vector per unit.
   * A parameter with one axis is one vector.
   */
  readonly axes?: readonly number[];
}

/** Euclidean lengths, with the axes kept as 1. Divided by the largest magnitude first, so that no square over- or underflows. */
export function lengths(parameter: Tensor, axes: readonly number[] | undefined): Tensor {
  const rank = parameter.shape.length;
  const along = axes === undefined ? [...parameter.shape.keys()].slice(0, Math.max(1, rank - 1)) : normalizeAxes(axes, rank, 'norm');
  if (along.length === 0) return elementwise(scalar.abs, parameter);
  const keep = { keepDims: true };
  const largest = max(elementwise(scalar.abs, parameter), along, keep);
  const scale = elementwise((m) => scalar.select(scalar.equal(m, 0), 1, m), largest);
  return sqrt(sum(square(parameter.div(scale)), along, keep)).mul(largest);
}
