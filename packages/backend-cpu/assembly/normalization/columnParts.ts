// What `normalize` and its gradient share where columns of x [samples, rows, columns] have statistics of their own: their arguments, how
// they are split, and what is known of each column when elements are written.
//
// With one command, threads share samples and columns, and all passes over a part follow each other while it is in the cache. Where there
// are few samples with narrow rows, threads would read every other line of the memory: they share blocks of rows instead, whose sums are
// brought together in between. Blocks do not depend on the threads, so neither do the sums.
import { normalizeChunk, normalizeChunkBytes, normalizeSumPadding } from '../../src/wasm/kernels/normalizeLayout';
import { rangeStart } from '../work';

// Words of both, behind nine pointers: workspace, samples, rows, columns, columns of a group that shares its statistics, rows of a
// block, gamma's step from column to column (1, or 0 for one value that serves all).
// @ts-ignore: decorator
@inline
export function samplesOf(args: usize): i32 {
  return load<i32>(args, 40);
}

// @ts-ignore: decorator
@inline
export function rowsOf(args: usize): i32 {
  return load<i32>(args, 44);
}

// @ts-ignore: decorator
@inline
export function columnsOf(args: usize): i32 {
  return load<i32>(args, 48);
}

// @ts-ignore: decorator
@inline
export function widthOf(args: usize): i32 {
  return load<i32>(args, 52);
}

// @ts-ignore: decorator
@inline
export function blockRowsOf(args: usize): i32 {
  return load<i32>(args, 56);
}

/**
 * Rows that loops take together, to read less of what belongs to columns. Of arrays that come from outer caches they are few, for memory
 * is fetched ahead best where it is read in order; rows half a page apart are fetched ahead each on its own.
 */
export function stripOf(args: usize): i32 {
  const bytes = <i64>samplesOf(args) * rowsOf(args) * columnsOf(args) * 4;
  return bytes <= 0x100000 || columnsOf(args) >= 512 ? 8 : 4;
}

/** One value per column of gamma or the like, of which there may be one for all: `step` is 1 or 0. */
// @ts-ignore: decorator
@inline
export function valueOfColumn(from: usize, column: i32, step: i32): f32 {
  return load<f32>(from + (<usize>(column * step) << 2));
}

// Per column, in f32, at fixed distances within the 4 KiB of a chunk: the center, and what the loops over elements multiply x without it and,
// in the gradient, dy by, and what they add.
export const scales: usize = <usize>normalizeChunk * 4;
export const shifts: usize = 2 * scales;
export const upstreamScales: usize = 3 * scales;

/** Where that of a column is, in memory that begins with that of column 0. */
// @ts-ignore: decorator
@inline
export function factorsOf(factors: usize, column: i32): usize {
  return factors + <usize>(<u32>column / normalizeChunk) * normalizeChunkBytes + (<usize>(<u32>column % normalizeChunk) << 2);
}

/** Bytes from the first sums of a block to its second ones. */
export function pitchOf(args: usize): usize {
  return (<usize>((columnsOf(args) + 3) & -4) << 3) + normalizeSumPadding;
}

export function blocksOf(args: usize): i32 {
  return (rowsOf(args) + blockRowsOf(args) - 1) / blockRowsOf(args);
}

/** Where a block begins, in elements. */
export function blockStart(args: usize, block: i32): i32 {
  const row = (block / blocksOf(args)) * rowsOf(args) + (block % blocksOf(args)) * blockRowsOf(args);
  return row * columnsOf(args);
}

/** The rows of a block: the last one of a sample may have fewer. */
export function heightOf(args: usize, block: i32): i32 {
  return min(blockRowsOf(args), rowsOf(args) - (block % blocksOf(args)) * blockRowsOf(args));
}

/** The sums of a block, or of a sample that is not split. */
export function sumsOf(args: usize, block: i32): usize {
  return load<usize>(args, 36) + <usize>block * 2 * pitchOf(args);
}

/** What is known of the columns of a sample, behind the sums of all blocks. */
export function sampleFactors(args: usize, sample: i32): usize {
  const chunks = (columnsOf(args) + normalizeChunk - 1) / normalizeChunk;
  return sumsOf(args, samplesOf(args) * blocksOf(args)) + <usize>(sample * chunks) * normalizeChunkBytes;
}

/** Results of `takeColumns`: a sample, and columns of it whose statistics need no other ones. */
export let takenSample: i32 = 0;
export let takenFirst: i32 = 0;
export let takenCount: i32 = 0;

/** The share of a thread begins at this part and ends before that of the next thread. */
export function firstPart(args: usize, thread: i32, threads: i32): i32 {
  return rangeStart(samplesOf(args) * partsOf(args), 1, thread, threads);
}

/** Takes columns from `part` on; returns the part behind them. */
export function takeColumns(args: usize, part: i32, end: i32): i32 {
  const grain = grainOf(args);
  const parts = partsOf(args);
  const first = part % parts;
  const count = min(min(parts - first, end - part), max(1, normalizeChunk / grain));
  takenSample = part / parts;
  takenFirst = first * grain;
  takenCount = min(columnsOf(args) - takenFirst, count * grain);
  return part + count;
}

/** Columns that are not split: a line of the cache, or all where some share statistics. */
function grainOf(args: usize): i32 {
  return widthOf(args) == 1 ? 16 : columnsOf(args);
}

function partsOf(args: usize): i32 {
  return (columnsOf(args) + grainOf(args) - 1) / grainOf(args);
}
