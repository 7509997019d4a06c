// Nests of loops as the kernels read them (assembly/loops.ts), and what several kernels ask about shapes.
import { mergeAxes, sizeOf } from '@nn/core';
import type { Shape, StridedLoop } from '@nn/core';

/** The words of a nest: rank, extents, and per operand its strides. Axes are joined where all operands step through them as one. */
export function nestWords(loop: StridedLoop): number[] {
  const { shape, strides } = mergeAxes(loop);
  return [shape.length, ...shape, ...strides.flat()];
}

/** Seen as [outer, extent, inner] around one axis. */
export interface AroundAxis {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

export function aroundAxis(shape: Shape, axis: number): AroundAxis {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
