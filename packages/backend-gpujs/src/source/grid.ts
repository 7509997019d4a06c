// How the cells of a kernel's output are spread over gpu.js's threads, and how positions in arrays are written.
import { sizeOf } from '@nn/core';
import type { Shape } from '@nn/core';
import { quotientText, remainderText } from './helpers.ts';
import { arrayName, sizeText } from './parameters.ts';

/** What a mode allows for the extents of an output. */
export interface GridLimits {
  /**
   * How many axes outputs have: one where results with several come as nested arrays, three where others come as values of another kind
   * than those with one, and otherwise as many as there are.
   */
  readonly axes: 'one' | 'any' | 'three';
  /** The largest extents along x, y and z. */
  readonly extents: readonly [number, number, number];
}

/** The threads of a kernel. */
export interface Grid {
  /** Extents in gpu.js's order, fastest first. */
  readonly output: readonly number[];
  /** Texts of the index along each axis of the shape it was made for. */
  readonly indices: readonly string[];
  /** What comes before these texts are used. */
  readonly statements: readonly string[];
}

const threads = ['this.thread.x', 'this.thread.y', 'this.thread.z'] as const;

/** One thread per element of `shape`: an axis of threads per axis where there are enough, else indices that are computed. */
export function gridOf(shape: Shape, limits: GridLimits): Grid {
  // Along an axis of one element there is nothing to count.
  const long = shape.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  const grid = gridOfLong(
    long.map((axis) => shape[axis]!),
    limits,
  );
  return {
    output: limits.axes === 'three' ? [...grid.output, 1, 1].slice(0, 3) : grid.output,
    indices: shape.map((_, axis) => grid.indices[long.indexOf(axis)] ?? '0'),
    statements: grid.statements,
  };
}

function gridOfLong(shape: Shape, { axes, extents }: GridLimits): Grid {
  if (shape.length === 0) return { output: [1], indices: [], statements: [] };
  if (shape.length === 1) return { output: shape, indices: [threads[0]], statements: [] };
  const output = [sizeOf(shape)];
  if (axes === 'one') {
    // Plain JavaScript has exact quotients and numbers.
    const names = shape.map((_, axis) => `i${axis}`);
    return { output, indices: names, statements: shape.map((extent, axis) => `let i${axis} = ${exactIndex(shape, axis, extent)};`) };
  }
  const fits = shape.length <= 3 && shape.every((extent, axis) => extent <= extents[shape.length - 1 - axis]!);
  if (fits) return { output: shape.toReversed(), indices: shape.map((_, axis) => threads[shape.length - 1 - axis]!), statements: [] };
  return { output, indices: shape.map((extent, axis) => integerIndex(shape, axis, extent)), statements: [] };
}

function exactIndex(shape: Shape, axis: number, extent: number): string {
  const inner = sizeOf(shape.slice(axis + 1));
  const passed = inner === 1 ? threads[0] : `Math.floor(${threads[0]} / ${inner})`;
  return axis === 0 ? passed : `${passed} % ${extent}`;
}

function integerIndex(shape: Shape, axis: number, extent: number): string {
  const inner = sizeOf(shape.slice(axis + 1));
  const passed = inner === 1 ? threads[0] : quotientText(threads[0], sizeText(`inner${axis}`, inner));
  return axis === 0 ? passed : remainderText(passed, sizeText(`extent${axis}`, extent));
}

/**
 * offset + Σ index · stride as text.
 * @param what names what is read, such as an array
 */
export function positionText(what: string, indices: readonly string[], strides: readonly number[], offset = 0): string {
  const terms = indices.flatMap((index, axis) => {
    const stride = strides[axis]!;
    if (stride === 0 || index === '0') return [];
    return stride === 1 ? index : `${index} * ${sizeText(`${what}s${axis}`, stride)}`;
  });
  if (offset !== 0) terms.push(sizeText(`${what}o`, offset));
  return terms.length === 0 ? '0' : terms.join(' + ');
}

/** An element of an array of the kernel, at {@link positionText}. */
export function elementText(array: number, indices: readonly string[], strides: readonly number[], offset = 0): string {
  const name = arrayName(array);
  return `${name}[${positionText(name, indices, strides, offset)}]`;
}
