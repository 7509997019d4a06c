// `normalize` and its gradient where x is [rows, columns] and each row has statistics of its own, as in layer normalization. Threads
// share the rows; only dGamma, which belongs to columns, is a kernel of its own, whose columns they share.
import { storeFirst } from './lanes';
import { centered, storeStatistics } from './statistics';
import { addToSums, doubles, laneSum, sumOf } from './sums';
import { rangeStart, scratch } from './work';

/**
 * args: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads), rows, columns,
 * gamma's step and beta's from column to column (1, or 0 for one value that serves all), epsilon.
 */
export function normalizeRows(args: usize, thread: i32, threads: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 12);
  const rows = load<i32>(args, 36);
  const columns = load<i32>(args, 40);
  const end = rangeStart(rows, 16, thread + 1, threads);
  for (let row = rangeStart(rows, 16, thread, threads); row < end; row++) {
    const start = <usize>(row * columns) << 2;
    const mean = sumOf(x + start, columns) / <f64>columns;
    const center = <f32>mean;
    const correction = <f32>(mean - <f64>center);
    const variance = squaresOf(x + start, columns, center, correction) / <f64>columns;
    const factor = storeStatistics(args + 16, row, mean, variance, load<f32>(args, 52));
    if (y != 0) writeRow(args, x + start, y + start, columns, center, correction, factor);
  }
}

/** Σ (x − mean)²: in f32 over 16 elements, in float64 over these. */
function squaresOf(x: usize, count: i32, center: f32, correction: f32): f64 {
  const centers = f32x4.splat(center);
  const corrections = f32x4.splat(correction);
  let sums = f64x2.splat(0);
  let element = 0;
  for (; element + 16 <= count; element += 16, x += 64) {
    const a = centered(x, centers, corrections);
    const b = centered(x + 16, centers, corrections);
    const c = centered(x + 32, centers, corrections);
    const d = centered(x + 48, centers, corrections);
    const squares = f32x4.add(f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)), f32x4.add(f32x4.mul(c, c), f32x4.mul(d, d)));
    sums = f64x2.add(sums, doubles(squares));
  }
  let total = laneSum(sums);
  for (; element < count; element++, x += 4) {
    const value = load<f32>(x) - center - correction;
    total += <f64>(value * value);
  }
  return total;
}

function writeRow(args: usize, x: usize, y: usize, count: i32, center: f32, correction: f32, factor: f32): void {
  const gamma = load<usize>(args, 4);
  const beta = load<usize>(args, 8);
  const gammaStep = <usize>load<i32>(args, 44);
  const betaStep = <usize>load<i32>(args, 48);
  const centers = f32x4.splat(center);
  const corrections = f32x4.splat(correction);
  const factors = f32x4.splat(factor);
  let column = 0;
  if (gammaStep == 1 && betaStep == 1) {
    for (; column + 8 <= count; column += 8) {
      const at = <usize>column << 2;
      const a = f32x4.mul(centered(x + at, centers, corrections), factors);
      const b = f32x4.mul(centered(x + at + 16, centers, corrections), factors);
      v128.store(y + at, f32x4.add(f32x4.mul(a, v128.load(gamma + at)), v128.load(beta + at)));
      v128.store(y + at, f32x4.add(f32x4.mul(b, v128.load(gamma + at, 16)), v128.load(beta + at, 16)), 16);
    }
  }
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const a = f32x4.mul(centered(x + at, centers, corrections), factors);
    const scaled = f32x4.mul(a, perColumn(gamma, gammaStep, at));
    storeFirst(y + at, f32x4.add(scaled, perColumn(beta, betaStep, at)), count - column);
  }
}

/** Four elements of an operand that has one for each column, or one for all. */
// @ts-ignore: decorator
@inline
function perColumn(from: usize, step: usize, at: usize): v128 {
  return step == 0 ? v128.load32_splat(from) : v128.load(from + at);
}

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx, rows, columns, gamma's step (1 or 0).
 * With x̂ the normalized values and g = dy γ: dx = r (g − mean g − x̂ mean(g x̂)).
 */
export function normalizeRowsGradient(args: usize, thread: i32, threads: i32): void {
  const rows = load<i32>(args, 28);
  const columns = load<i32>(args, 32);
  const end = rangeStart(rows, 16, thread + 1, threads);
  for (let row = rangeStart(rows, 16, thread, threads); row < end; row++) gradientRow(args, row, columns);
}

function gradientRow(args: usize, row: i32, count: i32): void {
  const start = <usize>(row * count) << 2;
  const x = load<usize>(args) + start;
  const gamma = load<usize>(args, 4);
  const statistic = <usize>row << 2;
  const centers = v128.load32_splat(load<usize>(args, 8) + statistic);
  const corrections = v128.load32_splat(load<usize>(args, 12) + statistic);
  const factor = load<f32>(load<usize>(args, 16) + statistic);
  const dy = load<usize>(args, 20) + start;
  const dx = load<usize>(args, 24) + start;
  const gammaStep = <usize>load<i32>(args, 36);
  let sums = f64x2.splat(0);
  let projections = f64x2.splat(0);
  let column = 0;
  for (; column + 16 <= count; column += 16) {
    const at = <usize>column << 2;
    const a = f32x4.mul(v128.load(dy + at), perColumn(gamma, gammaStep, at));
    const b = f32x4.mul(v128.load(dy + at, 16), perColumn(gamma, gammaStep, at + 16));
    const c = f32x4.mul(v128.load(dy + at, 32), perColumn(gamma, gammaStep, at + 32));
    const d = f32x4.mul(v128.load(dy + at, 48), perColumn(gamma, gammaStep, at + 48));
    sums = f64x2.add(sums, doubles(f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
    const lower = f32x4.add(
      f32x4.mul(a, centered(x + at, centers, corrections)),
      f32x4.mul(b, centered(x + at + 16, centers, corrections)),
    );
    const upper = f32x4.add(
      f32x4.mul(c, centered(x + at + 32, centers, corrections)),
      f32x4.mul(d, centered(x + at + 48, centers, corrections)),
    );
    projections = f64x2.add(projections, doubles(f32x4.add(lower, upper)));
  }
  let sum = laneSum(sums);
  let projected = laneSum(projections);
  for (; column < count; column++) {
    const at = <usize>column << 2;
    const scaled = load<f32>(dy + at) * load<f32>(gamma + at * gammaStep);
    sum += <f64>scaled;
    const value = load<f32>(x + at) - f32x4.extract_lane(centers, 0) - f32x4.extract_lane(corrections, 0);
    projected += <f64>(scaled * value);
  }
  const r = <f64>factor;
  const shift = f32x4.splat(<f32>((r * sum) / <f64>count));
  const slope = f32x4.splat(<f32>((r * r * projected) / <f64>count));
  const factors = f32x4.splat(factor);
  column = 0;
  if (gammaStep == 1) {
    for (; column + 8 <= count; column += 8) {
      const at = <usize>column << 2;
      const a = f32x4.mul(f32x4.mul(v128.load(dy + at), v128.load(gamma + at)), factors);
      const b = f32x4.mul(f32x4.mul(v128.load(dy + at, 16), v128.load(gamma + at, 16)), factors);
      const c = f32x4.mul(centered(x + at, centers, corrections), factors);
      const d = f32x4.mul(centered(x + at + 16, centers, corrections), factors);
      v128.store(dx + at, f32x4.sub(f32x4.sub(a, shift), f32x4.mul(c, slope)));
      v128.store(dx + at, f32x4.sub(f32x4.sub(b, shift), f32x4.mul(d, slope)), 16);
    }
  }
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const scaled = f32x4.mul(f32x4.mul(v128.load(dy + at), perColumn(gamma, gammaStep, at)), factors);
    const normalized = f32x4.mul(centered(x + at, centers, corrections), factors);
    storeFirst(dx + at, f32x4.sub(f32x4.sub(scaled, shift), f32x4.mul(normalized, slope)), count - column);
  }
}

/** Columns that are done together, row by row. */
const columnBlock: i32 = 256;

/**
 * args: x, center, correction, reciprocalDeviation (these per row), dy, dGamma, rows, columns: dGamma of each column, Σ dy x̂, where
 * statistics belong to rows.
 */
export function gammaGradient(args: usize, thread: i32, threads: i32): void {
  const columns = load<i32>(args, 28);
  const end = rangeStart(columns, 16, thread + 1, threads);
  for (let first = rangeStart(columns, 16, thread, threads); first < end; first += columnBlock) {
    gammaGradientBlock(args, first, min(columnBlock, end - first), scratch(thread));
  }
}

function gammaGradientBlock(args: usize, first: i32, count: i32, sums: usize): void {
  const rows = load<i32>(args, 24);
  const step = <usize>load<i32>(args, 28) << 2;
  let x = load<usize>(args) + (<usize>first << 2);
  let dy = load<usize>(args, 16) + (<usize>first << 2);
  const dGamma = load<usize>(args, 20) + (<usize>first << 2);
  memory.fill(sums, 0, <usize>columnBlock << 3);
  const centers = load<usize>(args, 4);
  const corrections = load<usize>(args, 8);
  const factors = load<usize>(args, 12);
  let row: usize = 0;
  const end = <usize>rows << 2;
  for (; row + 16 <= end; row += 16, x += 4 * step, dy += 4 * step) {
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      const a = dot(x + at, dy + at, centers + row, corrections + row, factors + row);
      const b = dot(x + at + step, dy + at + step, centers + row + 4, corrections + row + 4, factors + row + 4);
      const c = dot(x + at + 2 * step, dy + at + 2 * step, centers + row + 8, corrections + row + 8, factors + row + 8);
      const d = dot(x + at + 3 * step, dy + at + 3 * step, centers + row + 12, corrections + row + 12, factors + row + 12);
      addToSums(sums + 2 * at, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
    }
  }
  for (; row < end; row += 4, x += step, dy += step) {
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      addToSums(sums + 2 * at, dot(x + at, dy + at, centers + row, corrections + row, factors + row));
    }
  }
  for (let column = 0; column < count; column++) store<f32>(dGamma + (<usize>column << 2), <f32>load<f64>(sums + (<usize>column << 3)));
}

/** dy x̂ of four elements of a row. */
// @ts-ignore: decorator
@inline
function dot(x: usize, dy: usize, center: usize, correction: usize, factor: usize): v128 {
  const value = centered(x, v128.load32_splat(center), v128.load32_splat(correction));
  return f32x4.mul(f32x4.mul(value, v128.load32_splat(factor)), v128.load(dy));
}
