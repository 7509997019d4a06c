// How `normalize` sees an array: as samples of rows of columns, where columns have their statistics, or as rows that have them.
import { mergeAxes, sizeOf, stretchedStrides, stridesOf } from '@nn/core';
import type { Shape } from '@nn/core';
import { normalizeChunk, normalizeChunkBytes, normalizeRowBlocks, normalizeSumBytes, normalizeSumPadding } from './normalizeLayout.ts';

interface Parts {
  /** Per further operand, 1 where it has one element for each column, and 0 where it has one for all. */
  readonly steps: readonly number[];
  /** The axes of x that operands with one element for each column lack. */
  readonly sumAxes: readonly number[];
}

/** x as [samples, rows, columns]: all rows of a sample share statistics, and so do `width` neighbouring columns. */
export interface ColumnParts extends Parts {
  readonly kind: 'columns';
  readonly samples: number;
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  /** Into how many blocks of how many rows a sample is split. */
  readonly blocks: number;
  readonly blockRows: number;
}

/** x as [rows, columns]: each row has its statistics, and `period` rows have operands of their own, which the next ones have again. */
export interface RowParts extends Parts {
  readonly kind: 'rows';
  readonly rows: number;
  readonly columns: number;
  readonly period: number;
}

/** @param others gamma and the like; undefined where x is neither */
export function partsOf(shape: Shape, axes: readonly number[], others: readonly Shape[]): ColumnParts | RowParts | undefined {
  if (sizeOf(shape) === 0) return undefined;
  const statistics = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const operands = [statistics, ...others].map((operand) => stretchedStrides(operand, shape));
  const merged = mergeAxes({ shape, strides: [stridesOf(shape), ...operands] });
  const [, ofStatistics, ...ofOthers] = merged.strides as [number[], number[], ...number[][]];
  // From the left: samples, rows, groups of columns, columns of a group. Any of them may be missing, and no other operand tells samples
  // apart, or rows.
  let axis = 0;
  const take = (isReduced: boolean, isColumn: boolean): number => {
    const extent = merged.shape[axis];
    if (extent === undefined || (ofStatistics[axis] === 0) !== isReduced) return 1;
    if (!isColumn && ofOthers.some((strides) => strides[axis] !== 0)) return 1;
    axis++;
    return extent;
  };
  const [samples, rows, groups, width] = [take(false, false), take(true, false), take(false, true), take(true, true)];
  const steps = ofOthers.map((strides) => stepOf(strides, merged.shape, groups * width));
  if (axis < merged.shape.length || !steps.every((step) => step !== undefined)) return undefined;
  const sumAxes = (columns: number): number[] => axesBefore(shape, columns);
  if (groups * width === 1 && rows > 1) return { kind: 'rows', rows: samples, columns: rows, period: 1, steps, sumAxes: sumAxes(rows) };
  if (rows > 1) {
    const columns = groups * width;
    return {
      kind: 'columns',
      samples,
      rows,
      columns,
      width,
      ...blocksOf({ samples, rows, columns, width }),
      steps,
      sumAxes: sumAxes(columns),
    };
  }
  if (width === 1) return undefined;
  return { kind: 'rows', rows: samples * groups, columns: width, period: groups, steps, sumAxes: sumAxes(groups * width) };
}

/** 1 where an operand has the last `columns` elements of x, 0 where it has one for all of x. */
function stepOf(strides: readonly number[], shape: Shape, columns: number): 0 | 1 | undefined {
  if (strides.every((stride) => stride === 0)) return 0;
  const own = stridesOf(shape);
  return strides.every((stride, axis) => stride === (own[axis]! < columns ? own[axis] : 0)) ? 1 : undefined;
}

/** The axes before those that make up `columns`; axes of extent 1 do not count. */
function axesBefore(shape: Shape, columns: number): number[] {
  const strides = stridesOf(shape);
  return shape.flatMap((extent, axis) => (extent !== 1 && strides[axis]! >= columns ? [axis] : []));
}

/** Samples that are enough for all threads; columns whose shares are long enough to be fetched ahead; rows that stay in a cache. */
const manySamples = 8;
const manyColumns = 512;
const fewRows = 1024;
/** Elements that one thread is enough for. */
const fewElements = 65_536;

/** How a sample is split: the same for any number of threads. Blocks are whole blocks of the rows that are added up in f32. */
function blocksOf({ samples, rows, columns, width }: Pick<ColumnParts, 'samples' | 'rows' | 'columns' | 'width'>): {
  readonly blocks: number;
  readonly blockRows: number;
} {
  const isShared = samples >= manySamples || (width === 1 && (columns >= manyColumns || rows <= fewRows));
  const isWhole = isShared || samples * rows * columns <= fewElements;
  const shares = Math.ceil(normalizeRowBlocks / samples);
  const blockRows = isWhole ? rows : Math.min(rows, 32 * Math.ceil(rows / (32 * shares)));
  return { blocks: Math.ceil(rows / blockRows), blockRows };
}

/** Bytes that `normalize` and its gradient need for the sums of all blocks, and for what they make of them between two commands. */
export function columnWorkspace({ samples, columns, blocks }: ColumnParts): number {
  const sums = samples * blocks * 2 * sumPitch(columns);
  return sums + (blocks === 1 ? 0 : samples * Math.ceil(columns / normalizeChunk) * normalizeChunkBytes);
}

/** Bytes from the first sums of a block of columns to its second ones. */
export function sumPitch(columns: number): number {
  return (normalizeSumBytes / 2) * 4 * Math.ceil(columns / 4) + normalizeSumPadding;
}
