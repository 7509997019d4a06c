// Matrix products, aligned from the right.
import { specText } from '../array/dtype.ts';
import { ShapeError } from '../errors/errors.ts';
import { checkFlag, resolveOptions } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { shapeOf } from './expect.ts';
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
  for (const [name, flag] of Object.entries(attrs)) checkFlag('matmul', name, flag);
  const ranks = [a, b].map((operand) => shapeOf('matmul', operand).length);
  if (Math.min(...ranks) < 2) {
    throw new ShapeError(
      `matmul: ${specText(a)} times ${specText(b)}; both need rank 2 or more. Use reshape to make a vector a row or a column.`,
    );
  }
  const rank = Math.max(...ranks);
  return emit('matmul', [withRank(a, rank), withRank(b, rank)], attrs);
}
