// `normalize` and its gradient where x is [rows, columns] and each column has statistics of its own, as in batch normalization.
// Threads share the columns; all passes over a block of columns follow each other while it is in the cache.
import { storeFirst } from './lanes';
import { centered, storeStatistics } from './statistics';
import { addRows, addToSums } from './sums';
import { rangeStart, scratch } from './work';

/** Columns that are done together, row by row: a row of a block is long enough to be fetched ahead. */
const columnBlock: i32 = 256;

// Scratch memory of a block: float64 sums per column, twice, then f32 per column, six times.
const otherSums: usize = 2048;
const centers: usize = 4096;
const corrections: usize = 5120;
const scales: usize = 6144;
const shifts: usize = 7168;
const slopes: usize = 8192;
const factors: usize = 9216;

/**
 * args: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads), rows, columns,
 * gamma's step and beta's from column to column (1, or 0 for one value that serves all), epsilon.
 */
export function normalizeColumns(args: usize, thread: i32, threads: i32): void {
  const columns = load<i32>(args, 40);
  const end = rangeStart(columns, 16, thread + 1, threads);
  for (let first = rangeStart(columns, 16, thread, threads); first < end; first += columnBlock) {
    normalizeBlock(args, first, min(columnBlock, end - first), scratch(thread));
  }
}

function normalizeBlock(args: usize, first: i32, count: i32, block: usize): void {
  const rows = load<i32>(args, 36);
  const step = <usize>load<i32>(args, 40) << 2;
  const x = load<usize>(args) + (<usize>first << 2);
  const y = load<usize>(args, 12);
  memory.fill(block, 0, centers);
  addRows(x, step, rows, block, count);
  for (let column = 0; column < count; column++) {
    const mean = load<f64>(block + (<usize>column << 3)) / <f64>rows;
    const at = block + (<usize>column << 2);
    const center = <f32>mean;
    store<f32>(at, center, centers);
    store<f32>(at, <f32>(mean - <f64>center), corrections);
  }
  addSquares(x, step, rows, block, count);
  for (let column = 0; column < count; column++) {
    const at = block + (<usize>column << 2);
    const variance = load<f64>(block + (<usize>column << 3), otherSums) / <f64>rows;
    const mean = load<f64>(block + (<usize>column << 3)) / <f64>rows;
    const factor = storeStatistics(args + 16, first + column, mean, variance, load<f32>(args, 52));
    store<f32>(at, factor * load<f32>(load<usize>(args, 4) + (<usize>((first + column) * load<i32>(args, 44)) << 2)), scales);
    store<f32>(at, load<f32>(load<usize>(args, 8) + (<usize>((first + column) * load<i32>(args, 48)) << 2)), shifts);
  }
  if (y != 0) writeNormalized(x, y + (<usize>first << 2), step, rows, block, count);
}

/** Adds the squares of what is left of x without its mean. */
function addSquares(x: usize, step: usize, rows: i32, block: usize, count: i32): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += 4 * step) {
    for (let column = 0; column < count; column += 4) {
      const at = <usize>column << 2;
      const center = v128.load(block + at, centers);
      const correction = v128.load(block + at, corrections);
      const a = centered(x + at, center, correction);
      const b = centered(x + at + step, center, correction);
      const c = centered(x + at + 2 * step, center, correction);
      const d = centered(x + at + 3 * step, center, correction);
      const squares = f32x4.add(
        f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)),
        f32x4.add(f32x4.mul(c, c), f32x4.mul(d, d)),
      );
      addToSums(block + otherSums + 2 * at, squares);
    }
  }
  for (; row < rows; row++, x += step) {
    for (let column = 0; column < count; column += 4) {
      const at = <usize>column << 2;
      const a = centered(x + at, v128.load(block + at, centers), v128.load(block + at, corrections));
      addToSums(block + otherSums + 2 * at, f32x4.mul(a, a));
    }
  }
}

function writeNormalized(x: usize, y: usize, step: usize, rows: i32, block: usize, count: i32): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += 4 * step, y += 4 * step) {
    let column = 0;
    for (; column + 4 <= count; column += 4) {
      const at = <usize>column << 2;
      const center = v128.load(block + at, centers);
      const correction = v128.load(block + at, corrections);
      const scale = v128.load(block + at, scales);
      const shift = v128.load(block + at, shifts);
      const a = centered(x + at, center, correction);
      const b = centered(x + at + step, center, correction);
      const c = centered(x + at + 2 * step, center, correction);
      const d = centered(x + at + 3 * step, center, correction);
      v128.store(y + at, f32x4.add(f32x4.mul(a, scale), shift));
      v128.store(y + at + step, f32x4.add(f32x4.mul(b, scale), shift));
      v128.store(y + at + 2 * step, f32x4.add(f32x4.mul(c, scale), shift));
      v128.store(y + at + 3 * step, f32x4.add(f32x4.mul(d, scale), shift));
    }
    for (let line: usize = 0; column < count && line < 4; line++) writeRow(x + line * step, y + line * step, block, column, count);
  }
  for (; row < rows; row++, x += step, y += step) writeRow(x, y, block, 0, count);
}

function writeRow(x: usize, y: usize, block: usize, column: i32, count: i32): void {
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const a = centered(x + at, v128.load(block + at, centers), v128.load(block + at, corrections));
    storeFirst(y + at, f32x4.add(f32x4.mul(a, v128.load(block + at, scales)), v128.load(block + at, shifts)), count - column);
  }
}

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx, dGamma (0 for outputs that nobody reads), rows, columns, gamma's step
 * (1; 0 where one value serves all columns, and dGamma is 0).
 * With x̂ the normalized values: dx = r γ (dy − mean dy − x̂ mean(dy x̂)), dGamma = Σ dy x̂.
 */
export function normalizeColumnsGradient(args: usize, thread: i32, threads: i32): void {
  const columns = load<i32>(args, 36);
  const end = rangeStart(columns, 16, thread + 1, threads);
  for (let first = rangeStart(columns, 16, thread, threads); first < end; first += columnBlock) {
    gradientBlock(args, first, min(columnBlock, end - first), scratch(thread));
  }
}

function gradientBlock(args: usize, first: i32, count: i32, block: usize): void {
  const rows = load<i32>(args, 32);
  const step = <usize>load<i32>(args, 36) << 2;
  const start = <usize>first << 2;
  const x = load<usize>(args) + start;
  const dy = load<usize>(args, 20) + start;
  const dx = load<usize>(args, 24);
  const dGamma = load<usize>(args, 28);
  memory.fill(block, 0, centers);
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    v128.store(block + at, v128.load(load<usize>(args, 8) + start + at), centers);
    v128.store(block + at, v128.load(load<usize>(args, 12) + start + at), corrections);
  }
  addProducts(x, dy, step, rows, block, count);
  for (let column = 0; column < count; column++) {
    const at = block + (<usize>column << 2);
    const factor = <f64>load<f32>(load<usize>(args, 16) + start + (<usize>column << 2));
    const sum = load<f64>(block + (<usize>column << 3));
    const projected = load<f64>(block + (<usize>column << 3), otherSums) * factor;
    if (dGamma != 0) store<f32>(dGamma + start + (<usize>column << 2), <f32>projected);
    const gamma = <f64>load<f32>(load<usize>(args, 4) + (<usize>((first + column) * load<i32>(args, 40)) << 2));
    // dx = scale · dy − shift − x̂ · slope, with x̂ = centered · factor.
    store<f32>(at, <f32>(factor * gamma), scales);
    store<f32>(at, <f32>((factor * gamma * sum) / <f64>rows), shifts);
    store<f32>(at, <f32>((factor * gamma * projected) / <f64>rows), slopes);
    store<f32>(at, <f32>factor, factors);
  }
  if (dx != 0) writeGradient(x, dy, dx + start, step, rows, block, count);
}

/** Adds dy, and dy times what is left of x without its mean. */
function addProducts(x: usize, dy: usize, step: usize, rows: i32, block: usize, count: i32): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += 4 * step, dy += 4 * step) {
    for (let column = 0; column < count; column += 4) {
      const at = <usize>column << 2;
      const center = v128.load(block + at, centers);
      const correction = v128.load(block + at, corrections);
      const a = v128.load(dy + at);
      const b = v128.load(dy + at + step);
      const c = v128.load(dy + at + 2 * step);
      const d = v128.load(dy + at + 3 * step);
      const lower = f32x4.add(
        f32x4.mul(a, centered(x + at, center, correction)),
        f32x4.mul(b, centered(x + at + step, center, correction)),
      );
      const upper = f32x4.add(
        f32x4.mul(c, centered(x + at + 2 * step, center, correction)),
        f32x4.mul(d, centered(x + at + 3 * step, center, correction)),
      );
      addToSums(block + 2 * at, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
      addToSums(block + otherSums + 2 * at, f32x4.add(lower, upper));
    }
  }
  for (; row < rows; row++, x += step, dy += step) {
    for (let column = 0; column < count; column += 4) {
      const at = <usize>column << 2;
      const a = v128.load(dy + at);
      addToSums(block + 2 * at, a);
      const value = centered(x + at, v128.load(block + at, centers), v128.load(block + at, corrections));
      addToSums(block + otherSums + 2 * at, f32x4.mul(a, value));
    }
  }
}

function writeGradient(x: usize, dy: usize, dx: usize, step: usize, rows: i32, block: usize, count: i32): void {
  let row = 0;
  for (; row + 2 <= rows; row += 2, x += 2 * step, dy += 2 * step, dx += 2 * step) {
    let column = 0;
    for (; column + 4 <= count; column += 4) {
      const at = <usize>column << 2;
      const center = v128.load(block + at, centers);
      const correction = v128.load(block + at, corrections);
      const factor = v128.load(block + at, factors);
      const scale = v128.load(block + at, scales);
      const shift = v128.load(block + at, shifts);
      const slope = v128.load(block + at, slopes);
      const a = f32x4.mul(centered(x + at, center, correction), factor);
      const b = f32x4.mul(centered(x + at + step, center, correction), factor);
      const c = f32x4.sub(f32x4.mul(v128.load(dy + at), scale), shift);
      const d = f32x4.sub(f32x4.mul(v128.load(dy + at + step), scale), shift);
      v128.store(dx + at, f32x4.sub(c, f32x4.mul(a, slope)));
      v128.store(dx + at + step, f32x4.sub(d, f32x4.mul(b, slope)));
    }
    if (column >= count) continue;
    writeGradientRow(x, dy, dx, block, column, count);
    writeGradientRow(x + step, dy + step, dx + step, block, column, count);
  }
  if (row < rows) writeGradientRow(x, dy, dx, block, 0, count);
}

function writeGradientRow(x: usize, dy: usize, dx: usize, block: usize, column: i32, count: i32): void {
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const value = centered(x + at, v128.load(block + at, centers), v128.load(block + at, corrections));
    const projection = f32x4.mul(f32x4.mul(value, v128.load(block + at, factors)), v128.load(block + at, slopes));
    const rest = f32x4.sub(f32x4.mul(v128.load(dy + at), v128.load(block + at, scales)), v128.load(block + at, shifts));
    storeFirst(dx + at, f32x4.sub(rest, projection), count - column);
  }
}
