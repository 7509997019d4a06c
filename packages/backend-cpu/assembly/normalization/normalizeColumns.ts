// `normalize` where x is [samples, rows, columns] and each column of a sample, or each group of neighbouring columns, has statistics of its
// own, as in batch, instance and group normalization. How that is split: columnParts.ts.
import { normalizeChunk, normalizeChunkBytes } from '../../src/wasm/kernels/normalizeLayout';
import { addColumnMoments, momentBytes, origins, secondMoments } from './columnMoments';
import {
  blockRowsOf,
  blocksOf,
  blockStart,
  columnsOf,
  factorsOf,
  firstPart,
  heightOf,
  pitchOf,
  rowsOf,
  sampleFactors,
  samplesOf,
  scales,
  shifts,
  stripOf,
  sumsOf,
  takeColumns,
  takenCount,
  takenFirst,
  takenSample,
  valueOfColumn,
  widthOf,
} from './columnParts';
import { writeNormalized } from './columnWriting';
import { finiteOrZeroDoubles, storeStatistics, varianceOf } from './statistics';
import { lowerDoubles, upperDoubles } from '../sums';
import { rangeStart, scratch } from '../work';

// The kernels below share their arguments: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that
// nobody reads), the words of columnParts.ts, beta's step, epsilon.

/** All of it, where samples are not split. */
export function normalizeColumns(args: usize, thread: i32, threads: i32): void {
  const rows = rowsOf(args);
  const end = firstPart(args, thread + 1, threads);
  const factors = scratch(thread) + momentBytes;
  for (let part = firstPart(args, thread, threads); part < end;) {
    part = takeColumns(args, part, end);
    const start = takenSample * rows * columnsOf(args) + takenFirst;
    const sums = sumsOf(args, takenSample) + ((<usize>takenFirst) << 3);
    blockMoments(args, start, rows, takenCount, scratch(thread), sums);
    storeColumns(args, sums, factors, 0);
    writeBlock(args, start, rows, takenCount, factors);
  }
}

/** The moments of each block of rows. */
export function normalizeColumnMoments(args: usize, thread: i32, threads: i32): void {
  const blocks = samplesOf(args) * blocksOf(args);
  const end = rangeStart(blocks, 1, thread + 1, threads);
  for (let block = rangeStart(blocks, 1, thread, threads); block < end; block++) {
    blockMoments(args, blockStart(args, block), heightOf(args, block), columnsOf(args), scratch(thread), sumsOf(args, block));
  }
}

/** The statistics from the moments of the blocks. */
export function normalizeColumnStatistics(args: usize, thread: i32, threads: i32): void {
  const end = firstPart(args, thread + 1, threads);
  for (let part = firstPart(args, thread, threads); part < end;) {
    part = takeColumns(args, part, end);
    const sums = sumsOf(args, takenSample * blocksOf(args)) + ((<usize>takenFirst) << 3);
    mergeBlocks(args, sums);
    storeColumns(args, sums, sampleFactors(args, takenSample), takenFirst);
  }
}

/** y, from the statistics. */
export function normalizeColumnBlocks(args: usize, thread: i32, threads: i32): void {
  if (load<usize>(args, 12) == 0) return;
  const blocks = samplesOf(args) * blocksOf(args);
  const end = rangeStart(blocks, 1, thread + 1, threads);
  for (let block = rangeStart(blocks, 1, thread, threads); block < end; block++) {
    writeBlock(args, blockStart(args, block), heightOf(args, block), columnsOf(args), sampleFactors(args, block / blocksOf(args)));
  }
}

/** Means at `means` and sums of squares around them behind those, in float64. */
function blockMoments(args: usize, start: i32, rows: i32, count: i32, state: usize, means: usize): void {
  const x = load<usize>(args) + ((<usize>start) << 2);
  const step = (<usize>columnsOf(args)) << 2;
  const divisor = f64x2.splat(<f64>rows);
  for (let first = 0; first < count; first += normalizeChunk) {
    const chunk = min(normalizeChunk, count - first);
    addColumnMoments(x + ((<usize>first) << 2), step, rows, stripOf(args), state, chunk);
    const to = means + ((<usize>first) << 3);
    for (let at: usize = 0; at < (<usize>chunk) << 2; at += 16) {
      const origin = v128.load(state + at, origins);
      storeMoments(state + 2 * at, to + 2 * at, pitchOf(args), lowerDoubles(origin), divisor);
      storeMoments(state + 2 * at + 16, to + 2 * at + 16, pitchOf(args), upperDoubles(origin), divisor);
    }
  }
}

function storeMoments(sums: usize, to: usize, pitch: usize, origin: v128, rows: v128): void {
  const sum = v128.load(sums);
  const way = f64x2.div(sum, rows);
  v128.store(to, f64x2.add(origin, way));
  v128.store(to + pitch, f64x2.pmax(f64x2.sub(v128.load(sums, secondMoments), f64x2.mul(sum, way)), f64x2.splat(0)));
}

/** Brings the moments of all blocks together in those of the first, two columns at a time. */
function mergeBlocks(args: usize, sums: usize): void {
  const pitch = pitchOf(args);
  const blocks = blocksOf(args);
  const height = f64x2.splat(<f64>blockRowsOf(args));
  const lastHeight = f64x2.splat(<f64>(rowsOf(args) - (blocks - 1) * blockRowsOf(args)));
  const rows = f64x2.splat(<f64>rowsOf(args));
  for (let to = sums; to < sums + ((<usize>takenCount) << 3); to += 16) {
    const origin = finiteOrZeroDoubles(v128.load(to));
    let sum = f64x2.splat(0);
    let square = sum;
    let from = to;
    for (let block = 1; block <= blocks; block++, from += 2 * pitch) {
      const way = f64x2.sub(v128.load(from), origin);
      const moved = f64x2.mul(way, block == blocks ? lastHeight : height);
      sum = f64x2.add(sum, moved);
      square = f64x2.add(square, f64x2.add(v128.load(from + pitch), f64x2.mul(way, moved)));
    }
    const way = f64x2.div(sum, rows);
    v128.store(to, f64x2.add(origin, way));
    v128.store(to + pitch, f64x2.pmax(f64x2.sub(square, f64x2.mul(sum, way)), f64x2.splat(0)));
  }
}

/** The statistics of the columns taken, and what their elements are multiplied by and added to, from `place` on in `factors`. */
function storeColumns(args: usize, means: usize, factors: usize, place: i32): void {
  const gamma = load<usize>(args, 4);
  const beta = load<usize>(args, 8);
  const gammaStep = load<i32>(args, 60);
  const betaStep = load<i32>(args, 64);
  const epsilon = load<f32>(args, 68);
  const rows = <f64>rowsOf(args);
  const width = widthOf(args);
  const share = 1 / (rows * <f64>width);
  const squares = means + pitchOf(args);
  let statistic = (takenSample * columnsOf(args) + takenFirst) / width;
  for (let first = 0; first < takenCount; first += width, statistic++) {
    let mean = load<f64>(means + ((<usize>first) << 3));
    let square = load<f64>(squares + ((<usize>first) << 3));
    if (width > 1) {
      const origin = mean;
      let sum: f64 = 0;
      for (let column = first + 1; column < first + width; column++) {
        const way = load<f64>(means + ((<usize>column) << 3)) - origin;
        sum += way;
        square += load<f64>(squares + ((<usize>column) << 3)) + rows * way * way;
      }
      mean += sum / <f64>width;
      square -= rows * sum * (sum / <f64>width);
    }
    const factor = storeStatistics(args + 16, statistic, mean, max<f64>(square * share, 0), epsilon);
    const center = <f32>mean;
    const rest = mean - <f64>center;
    for (let column = first; column < first + width; column++) {
      // y = (x − center) · scale + shift, where the shift takes care of the digits of the mean that the center does not hold.
      const scale = factor * valueOfColumn(gamma, takenFirst + column, gammaStep);
      const shift = <f64>valueOfColumn(beta, takenFirst + column, betaStep) - rest * <f64>scale;
      const at = factorsOf(factors, place + column);
      store<f32>(at, center);
      store<f32>(at, scale, scales);
      store<f32>(at, <f32>shift, shifts);
    }
  }
}

function writeBlock(args: usize, start: i32, rows: i32, count: i32, factors: usize): void {
  if (load<usize>(args, 12) == 0) return;
  const step = (<usize>columnsOf(args)) << 2;
  const strip = stripOf(args) / 2;
  for (let first = 0; first < count; first += normalizeChunk, factors += normalizeChunkBytes) {
    const offset = (<usize>(start + first)) << 2;
    const y = load<usize>(args, 12) + offset;
    writeNormalized(load<usize>(args) + offset, y, step, rows, strip, factors, min(normalizeChunk, count - first));
  }
}
