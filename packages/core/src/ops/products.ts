// Matrix products, aligned from the right.
import { specText } from '../array/dtype.ts';
import { ShapeError } from '../errors/errors.ts';
import { resolveOptions } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { emit } from './instructions.ts';
import { withRank } from './stretch.ts';

export interface MatmulOptions {
  /** `a` is given as [..., k, m]. */
  readonly transposeA?: boolean;
  /** `b` is given as [..., n, k]. */
  readonly transposeB?: boolean;
}

/**
 * [..., m, k] × [..., k, n] → [..., m, n]; leading axes align from the right and stretch.
 * @throws ConfigError for options that it does not have; ShapeError for operands of rank below 2 or inner extents that differ
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const attrs = resolveOptions('matmul', options, { transposeA: false, transposeB: false });
  if (Math.min(a.shape.length, b.shape.length) < 2) {
    throw new ShapeError(
      `matmul: ${specText(a)} times ${specText(b)}; both need rank 2 or more. Use reshape to make a vector a row or a column.`,
    );
  }
  const rank = Math.max(a.shape.length, b.shape.length);
  return emit('matmul', [withRank(a, rank), withRank(b, rank)], attrs);
}
