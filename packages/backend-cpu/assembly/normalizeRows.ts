// `normalize` where x is [rows, columns] and each row has statistics of its own, as in layer normalization. Threads share the rows.
import { perColumn, storeFirst } from './lanes';
import { multiplyAdd } from './productTile';
import { rowMean, rowMeanSquare, sumRowMoments } from './rowMoments';
import { storeStatistics, varianceOf } from './statistics';
import { rangeStart } from './work';

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
    const origin = sumRowMoments(x + start, columns);
    const mean = <f64>origin + rowMean;
    const variance = varianceOf(rowMeanSquare, rowMean);
    const factor = storeStatistics(args + 16, row, mean, variance, load<f32>(args, 52));
    if (y != 0) writeRow(args, x + start, y + start, columns, mean, factor);
  }
}

function writeRow(args: usize, x: usize, y: usize, count: i32, mean: f64, factor: f32): void {
  const gamma = load<usize>(args, 4);
  const beta = load<usize>(args, 8);
  const gammaStep = <usize>load<i32>(args, 44);
  const betaStep = <usize>load<i32>(args, 48);
  const center = <f32>mean;
  const centers = f32x4.splat(center);
  const factors = f32x4.splat(factor);
  // The digits of the mean that the center does not hold.
  const rest = f32x4.splat(<f32>(-(mean - <f64>center) * <f64>factor));
  let column = 0;
  if (gammaStep == 1 && betaStep == 1) {
    for (; column + 8 <= count; column += 8) {
      const at = <usize>column << 2;
      const a = multiplyAdd(f32x4.sub(v128.load(x + at), centers), factors, rest);
      const b = multiplyAdd(f32x4.sub(v128.load(x + at, 16), centers), factors, rest);
      v128.store(y + at, multiplyAdd(a, v128.load(gamma + at), v128.load(beta + at)));
      v128.store(y + at, multiplyAdd(b, v128.load(gamma + at, 16), v128.load(beta + at, 16)), 16);
    }
  }
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const a = multiplyAdd(f32x4.sub(v128.load(x + at), centers), factors, rest);
    storeFirst(y + at, multiplyAdd(a, perColumn(gamma, gammaStep, at), perColumn(beta, betaStep, at)), count - column);
  }
}
