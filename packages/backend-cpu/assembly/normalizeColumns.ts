// `normalize` and its gradient where x is [rows, columns] and each column has statistics of its own, as in batch normalization.
// Threads share the columns; all passes over a block of columns follow each other while it is in the cache.
import { addColumnMoments, columnBlock, momentBytes, secondMoments } from './columnMoments';
import { addColumnProducts } from './columnProducts';
import { storeFirst } from './lanes';
import { multiplyAdd } from './productTile';
import { storeStatistics, varianceOf } from './statistics';
import { rangeStart, scratch } from './work';

// Scratch memory of a block: the sums in float64, and then f32 per column.
const centers: usize = momentBytes;
const scales: usize = centers + <usize>columnBlock * 4;
const shifts: usize = scales + <usize>columnBlock * 4;
const slopes: usize = shifts + <usize>columnBlock * 4;

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
  addColumnMoments(x, step, rows, block, block + centers, count);
  for (let column = 0; column < count; column++) {
    const at = block + (<usize>column << 2);
    const fromCenter = load<f64>(block + (<usize>column << 3)) / <f64>rows;
    const variance = varianceOf(load<f64>(block + (<usize>column << 3), secondMoments) / <f64>rows, fromCenter);
    const mean = <f64>load<f32>(at, centers) + fromCenter;
    const factor = storeStatistics(args + 16, first + column, mean, variance, load<f32>(args, 52));
    const gamma = load<f32>(load<usize>(args, 4) + (<usize>((first + column) * load<i32>(args, 44)) << 2));
    const beta = load<f32>(load<usize>(args, 8) + (<usize>((first + column) * load<i32>(args, 48)) << 2));
    // y = (x − center) · scale + shift, where the shift takes care of the digits of the mean that the center does not hold.
    const center = <f32>mean;
    const scale = factor * gamma;
    store<f32>(at, center, centers);
    store<f32>(at, scale, scales);
    store<f32>(at, <f32>(<f64>beta - (mean - <f64>center) * <f64>scale), shifts);
  }
  if (y != 0) writeNormalized(x, y + (<usize>first << 2), step, rows, block, count);
}

function writeNormalized(x: usize, y: usize, step: usize, rows: i32, block: usize, count: i32): void {
  const pairs = count & -8;
  let row = 0;
  for (; row + 2 <= rows; row += 2, x += 2 * step, y += 2 * step) {
    for (let at: usize = 0; at < <usize>pairs << 2; at += 32) {
      const center0 = v128.load(block + at, centers);
      const center1 = v128.load(block + at, centers + 16);
      const scale0 = v128.load(block + at, scales);
      const scale1 = v128.load(block + at, scales + 16);
      const shift0 = v128.load(block + at, shifts);
      const shift1 = v128.load(block + at, shifts + 16);
      const a0 = multiplyAdd(f32x4.sub(v128.load(x + at), center0), scale0, shift0);
      const a1 = multiplyAdd(f32x4.sub(v128.load(x + at, 16), center1), scale1, shift1);
      const b0 = multiplyAdd(f32x4.sub(v128.load(x + at + step), center0), scale0, shift0);
      const b1 = multiplyAdd(f32x4.sub(v128.load(x + at + step, 16), center1), scale1, shift1);
      v128.store(y + at, a0);
      v128.store(y + at, a1, 16);
      v128.store(y + at + step, b0);
      v128.store(y + at + step, b1, 16);
    }
    if (pairs == count) continue;
    for (let line: usize = 0; line < 2; line++) writeRow(x + step * line, y + step * line, block, pairs, count);
  }
  for (; row < rows; row++, x += step, y += step) writeRow(x, y, block, 0, count);
}

function writeRow(x: usize, y: usize, block: usize, column: i32, count: i32): void {
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const value = f32x4.sub(v128.load(x + at), v128.load(block + at, centers));
    storeFirst(y + at, multiplyAdd(value, v128.load(block + at, scales), v128.load(block + at, shifts)), count - column);
  }
}

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx, dGamma, Σ dy (0 for outputs that nobody reads), rows, columns, gamma's
 * step (1; 0 where one value serves all columns, and dGamma is 0).
 * With x̂ the normalized values: dx = r γ (dy − mean dy − x̂ mean(dy x̂)), dGamma = Σ dy x̂.
 */
export function normalizeColumnsGradient(args: usize, thread: i32, threads: i32): void {
  const columns = load<i32>(args, 40);
  const end = rangeStart(columns, 16, thread + 1, threads);
  for (let first = rangeStart(columns, 16, thread, threads); first < end; first += columnBlock) {
    gradientBlock(args, first, min(columnBlock, end - first), scratch(thread));
  }
}

function gradientBlock(args: usize, first: i32, count: i32, block: usize): void {
  const rows = load<i32>(args, 36);
  const step = <usize>load<i32>(args, 40) << 2;
  const start = <usize>first << 2;
  const x = load<usize>(args) + start;
  const dy = load<usize>(args, 20) + start;
  const dx = load<usize>(args, 24);
  const dGamma = load<usize>(args, 28);
  const dySum = load<usize>(args, 32);
  memory.copy(block + centers, load<usize>(args, 8) + start, <usize>((count + 3) & -4) << 2);
  addColumnProducts(x, dy, step, rows, block, block + centers, count);
  for (let column = 0; column < count; column++) {
    const at = block + (<usize>column << 2);
    const place = start + (<usize>column << 2);
    const factor = <f64>load<f32>(load<usize>(args, 16) + place);
    const correction = <f64>load<f32>(load<usize>(args, 12) + place);
    const sum = load<f64>(block + (<usize>column << 3));
    const projected = (load<f64>(block + (<usize>column << 3), secondMoments) - correction * sum) * factor;
    if (dGamma != 0) store<f32>(dGamma + place, <f32>projected);
    if (dySum != 0) store<f32>(dySum + place, <f32>sum);
    const gamma = <f64>load<f32>(load<usize>(args, 4) + (<usize>((first + column) * load<i32>(args, 44)) << 2));
    // dx = scale · dy − (x − center) · slope − shift; the shift holds what the correction of the center adds.
    const scale = factor * gamma;
    const slope = (scale * factor * projected) / <f64>rows;
    store<f32>(at, <f32>scale, scales);
    store<f32>(at, <f32>-slope, slopes);
    store<f32>(at, <f32>(correction * slope - (scale * sum) / <f64>rows), shifts);
  }
  if (dx != 0) writeGradient(x, dy, dx + start, step, rows, block, count);
}

function writeGradient(x: usize, dy: usize, dx: usize, step: usize, rows: i32, block: usize, count: i32): void {
  const pairs = count & -8;
  let row = 0;
  for (; row + 2 <= rows; row += 2, x += 2 * step, dy += 2 * step, dx += 2 * step) {
    for (let at: usize = 0; at < <usize>pairs << 2; at += 32) {
      const center0 = v128.load(block + at, centers);
      const center1 = v128.load(block + at, centers + 16);
      const slope0 = v128.load(block + at, slopes);
      const slope1 = v128.load(block + at, slopes + 16);
      const shift0 = v128.load(block + at, shifts);
      const shift1 = v128.load(block + at, shifts + 16);
      const scale0 = v128.load(block + at, scales);
      const scale1 = v128.load(block + at, scales + 16);
      const a0 = multiplyAdd(f32x4.sub(v128.load(x + at), center0), slope0, shift0);
      const a1 = multiplyAdd(f32x4.sub(v128.load(x + at, 16), center1), slope1, shift1);
      const b0 = multiplyAdd(f32x4.sub(v128.load(x + at + step), center0), slope0, shift0);
      const b1 = multiplyAdd(f32x4.sub(v128.load(x + at + step, 16), center1), slope1, shift1);
      const c0 = multiplyAdd(v128.load(dy + at), scale0, a0);
      const c1 = multiplyAdd(v128.load(dy + at, 16), scale1, a1);
      const d0 = multiplyAdd(v128.load(dy + at + step), scale0, b0);
      const d1 = multiplyAdd(v128.load(dy + at + step, 16), scale1, b1);
      v128.store(dx + at, c0);
      v128.store(dx + at, c1, 16);
      v128.store(dx + at + step, d0);
      v128.store(dx + at + step, d1, 16);
    }
    if (pairs == count) continue;
    for (let line: usize = 0; line < 2; line++) {
      writeGradientRow(x + step * line, dy + step * line, dx + step * line, block, pairs, count);
    }
  }
  for (; row < rows; row++, x += step, dy += step, dx += step) writeGradientRow(x, dy, dx, block, 0, count);
}

function writeGradientRow(x: usize, dy: usize, dx: usize, block: usize, column: i32, count: i32): void {
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const value = f32x4.sub(v128.load(x + at), v128.load(block + at, centers));
    const rest = multiplyAdd(value, v128.load(block + at, slopes), v128.load(block + at, shifts));
    storeFirst(dx + at, multiplyAdd(v128.load(dy + at), v128.load(block + at, scales), rest), count - column);
  }
}
