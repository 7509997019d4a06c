// The gradient of `normalize` where columns have statistics of their own, split as columnParts.ts says.
import { normalizeChunk, normalizeChunkBytes } from '../../src/wasm/kernels/normalizeLayout';
import { momentBytes, secondMoments } from './columnMoments';
import {
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
  upstreamScales,
  valueOfColumn,
  widthOf,
} from './columnParts';
import { addColumnProducts } from './columnProducts';
import { writeGradient } from './columnWriting';
import { rangeStart, scratch } from '../work';

// The kernels below share their arguments: x, gamma, center, correction, reciprocalDeviation, dy, dx, dGamma, Σ dy (0 for outputs that
// nobody reads), and the words of columnParts.ts; where gamma's step is 0, dGamma is 0.
// With x̂ the normalized values and g = dy γ: dx = r (g − mean g − x̂ mean(g x̂)), dGamma = Σ dy x̂.

/** All but the sums over samples and of groups; per sample and column it leaves Σ dy and Σ dy x̂. */
export function normalizeColumnsGradient(args: usize, thread: i32, threads: i32): void {
  const rows = rowsOf(args);
  const end = firstPart(args, thread + 1, threads);
  const factors = scratch(thread) + momentBytes;
  for (let part = firstPart(args, thread, threads); part < end;) {
    part = takeColumns(args, part, end);
    const start = takenSample * rows * columnsOf(args) + takenFirst;
    const sums = sumsOf(args, takenSample) + ((<usize>takenFirst) << 3);
    storeCenters(args, takenSample, takenFirst, takenCount, factors);
    blockProducts(args, start, rows, takenCount, scratch(thread), factors, sums);
    storeColumns(args, sums, factors, 0);
    writeBlock(args, start, rows, takenCount, factors);
  }
}

/** The sums of each block of rows. */
export function normalizeColumnProducts(args: usize, thread: i32, threads: i32): void {
  const blocks = samplesOf(args) * blocksOf(args);
  const end = rangeStart(blocks, 1, thread + 1, threads);
  const state = scratch(thread);
  const factors = state + momentBytes;
  let sample = -1;
  for (let block = rangeStart(blocks, 1, thread, threads); block < end; block++) {
    if (block / blocksOf(args) != sample) storeCenters(args, (sample = block / blocksOf(args)), 0, columnsOf(args), factors);
    blockProducts(args, blockStart(args, block), heightOf(args, block), columnsOf(args), state, factors, sumsOf(args, block));
  }
}

/** What the sums of the blocks make of each column. They stay, as `normalizeColumnsGradient` leaves them, with the first block. */
export function normalizeColumnSlopes(args: usize, thread: i32, threads: i32): void {
  const end = firstPart(args, thread + 1, threads);
  for (let part = firstPart(args, thread, threads); part < end;) {
    part = takeColumns(args, part, end);
    const sums = sumsOf(args, takenSample * blocksOf(args)) + ((<usize>takenFirst) << 3);
    const factors = sampleFactors(args, takenSample);
    addBlocks(args, sums);
    storeColumns(args, sums, factors, takenFirst);
  }
}

/** dx, from what is known of each column. What was read last comes first: it may still be in a cache. */
export function normalizeColumnGradientBlocks(args: usize, thread: i32, threads: i32): void {
  if (load<usize>(args, 24) == 0) return;
  const blocks = samplesOf(args) * blocksOf(args);
  const first = rangeStart(blocks, 1, thread, threads);
  for (let block = rangeStart(blocks, 1, thread + 1, threads) - 1; block >= first; block--) {
    writeBlock(args, blockStart(args, block), heightOf(args, block), columnsOf(args), sampleFactors(args, block / blocksOf(args)));
  }
}

/** The centers of columns, from `factors` on. */
function storeCenters(args: usize, sample: i32, first: i32, count: i32, factors: usize): void {
  const width = widthOf(args);
  let center = load<usize>(args, 8) + ((<usize>((sample * columnsOf(args) + first) / width)) << 2);
  for (let column = 0; column < count; center += 4) {
    for (const end = column + width; column < end; column++) store<f32>(factorsOf(factors, column), load<f32>(center));
  }
}

/** Σ dy at `sums` and Σ dy (x − center) behind those, in float64. */
function blockProducts(args: usize, start: i32, rows: i32, count: i32, state: usize, factors: usize, sums: usize): void {
  const step = (<usize>columnsOf(args)) << 2;
  for (let first = 0; first < count; first += normalizeChunk, factors += normalizeChunkBytes) {
    const chunk = min(normalizeChunk, count - first);
    const offset = (<usize>(start + first)) << 2;
    addColumnProducts(load<usize>(args) + offset, load<usize>(args, 20) + offset, step, rows, stripOf(args), state, factors, chunk);
    const to = sums + ((<usize>first) << 3);
    memory.copy(to, state, (<usize>chunk) << 3);
    memory.copy(to + pitchOf(args), state + secondMoments, (<usize>chunk) << 3);
  }
}

/** Adds the sums of all blocks up in those of the first, two columns at a time. */
function addBlocks(args: usize, sums: usize): void {
  const pitch = pitchOf(args);
  for (let to = sums; to < sums + ((<usize>takenCount) << 3); to += 16) {
    let sum = v128.load(to);
    let product = v128.load(to + pitch);
    let from = to;
    for (let block = 1; block < blocksOf(args); block++) {
      from += 2 * pitch;
      sum = f64x2.add(sum, v128.load(from));
      product = f64x2.add(product, v128.load(from + pitch));
    }
    v128.store(to, sum);
    v128.store(to + pitch, product);
  }
}

/** What the elements of the columns taken are multiplied by and added to, from `place` on in `factors`; Σ dy x̂ takes its place in the sums. */
function storeColumns(args: usize, sums: usize, factors: usize, place: i32): void {
  const gammas = load<usize>(args, 4);
  const gammaStep = load<i32>(args, 60);
  const width = widthOf(args);
  const share = 1 / (<f64>rowsOf(args) * <f64>width);
  const products = sums + pitchOf(args);
  let statistic = (<usize>((takenSample * columnsOf(args) + takenFirst) / width)) << 2;
  for (let first = 0; first < takenCount; first += width, statistic += 4) {
    const center = load<f32>(load<usize>(args, 8) + statistic);
    const correction = <f64>load<f32>(load<usize>(args, 12) + statistic);
    const factor = <f64>load<f32>(load<usize>(args, 16) + statistic);
    let sum: f64 = 0;
    let projection: f64 = 0;
    for (let column = first; column < first + width; column++) {
      const at = (<usize>column) << 3;
      const gamma = <f64>valueOfColumn(gammas, takenFirst + column, gammaStep);
      const projected = (load<f64>(products + at) - correction * load<f64>(sums + at)) * factor;
      store<f64>(products + at, projected);
      sum += gamma * load<f64>(sums + at);
      projection += gamma * projected;
    }
    // The shift holds what the correction of the center adds.
    const scale = -factor * factor * projection * share;
    const shift = -correction * scale - factor * sum * share;
    for (let column = first; column < first + width; column++) {
      const at = factorsOf(factors, place + column);
      store<f32>(at, center);
      store<f32>(at, <f32>scale, scales);
      store<f32>(at, <f32>shift, shifts);
      store<f32>(at, <f32>(factor * <f64>valueOfColumn(gammas, takenFirst + column, gammaStep)), upstreamScales);
    }
  }
  if (samplesOf(args) == 1 && width == 1) storeSums(args, sums);
}

/** dGamma and Σ dy of the columns taken, whose sums over the only sample are at `sums`. */
function storeSums(args: usize, sums: usize): void {
  const dGamma = load<usize>(args, 28);
  const dySum = load<usize>(args, 32);
  for (let column = 0; column < takenCount; column++) {
    const at = sums + ((<usize>column) << 3);
    const place = (<usize>(takenFirst + column)) << 2;
    if (dGamma != 0) store<f32>(dGamma + place, <f32>load<f64>(at + pitchOf(args)));
    if (dySum != 0) store<f32>(dySum + place, <f32>load<f64>(at));
  }
}

function writeBlock(args: usize, start: i32, rows: i32, count: i32, factors: usize): void {
  if (load<usize>(args, 24) == 0) return;
  const step = (<usize>columnsOf(args)) << 2;
  const strip = stripOf(args) / 2;
  for (let first = 0; first < count; first += normalizeChunk, factors += normalizeChunkBytes) {
    const offset = (<usize>(start + first)) << 2;
    const x = load<usize>(args) + offset;
    const dy = load<usize>(args, 20) + offset;
    writeGradient(x, dy, load<usize>(args, 24) + offset, step, rows, strip, factors, min(normalizeChunk, count - first));
  }
}
