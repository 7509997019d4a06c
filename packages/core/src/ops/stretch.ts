// Stretching and its adjoint: the one place where gradients are reduced to the shape of a stretched operand.
import { alignRight, sameShape } from '../array/shape.ts';
import type { Shape } from '../array/shape.ts';
import type { Tensor } from '../program/tensor.ts';
import { input } from '../scalar/index.ts';
import { shapeOf } from './expect.ts';
import { emit, scalarTypeOf } from './instructions.ts';

/** Sums `x` over the axes along which `shape` was stretched. `shape` has x's rank, or is a scalar. */
export function sumToShape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const scalar = shape.length === 0;
  const axes = x.shape.flatMap((extent, axis) => (scalar || (shape[axis] === 1 && extent !== 1) ? [axis] : []));
  const summed = emit('reduce', [x], { kind: 'sum', axes });
  return scalar ? emit('reshape', [summed], { shape }) : summed;
}

/** `x` with axes of size 1 (or a scalar) repeated up to `shape`, which has x's rank unless x is a scalar. */
export function stretchTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(shapeOf('stretchTo', x), shape)) return x;
  // A map has the common shape of all its inputs, so one that is not read only stretches the other.
  const extents = emit('iota', [], { shape, axis: 0 });
  return emit('map', [x, extents], { expression: input(0, scalarTypeOf[x.dtype]) });
}

/** `x` with axes of size 1 in front up to `rank`, NumPy's alignment; scalars stay as they are, they fit every rank. */
export function withRank(x: Tensor, rank: number): Tensor {
  if (x.shape.length === 0 || x.shape.length === rank) return x;
  return emit('reshape', [x], { shape: alignRight(x.shape, rank) });
}
