// `normalize` where x is [rows, columns] and each row has statistics of its own, as in layer normalization. Threads share the rows.
import { rowMean, rowMeanSquare, sumRowMoments } from './rowMoments';
import { writeNormalizedRow } from './rowWriting';
import { storeStatistics, varianceOf } from './statistics';
import { rangeStart } from '../work';

/**
 * args: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads), rows, columns,
 * rows with a gamma and beta of their own (others follow that have the same ones), gamma's step and beta's from column to column (1, or
 * 0 for one value that serves all), epsilon.
 */
export function normalizeRows(args: usize, thread: i32, threads: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 12);
  const rows = load<i32>(args, 36);
  const columns = load<i32>(args, 40);
  const period = load<i32>(args, 44);
  const gammaStep = <usize>load<i32>(args, 48);
  const betaStep = <usize>load<i32>(args, 52);
  // Neighbouring statistics share a line of the cache, which matters where rows are short.
  const grain = columns < 1024 ? 16 : 1;
  const end = rangeStart(rows, grain, thread + 1, threads);
  for (let row = rangeStart(rows, grain, thread, threads); row < end; row++) {
    const start = (<usize>(row * columns)) << 2;
    const origin = sumRowMoments(x + start, columns);
    const mean = <f64>origin + rowMean;
    const variance = varianceOf(rowMeanSquare, rowMean);
    const factor = storeStatistics(args + 16, row, mean, variance, load<f32>(args, 56));
    if (y == 0) continue;
    const place = (<usize>((row % period) * columns)) << 2;
    const gamma = load<usize>(args, 4) + place * gammaStep;
    const beta = load<usize>(args, 8) + place * betaStep;
    writeNormalizedRow(x + start, y + start, columns, gamma, gammaStep, beta, betaStep, mean, factor);
  }
}
