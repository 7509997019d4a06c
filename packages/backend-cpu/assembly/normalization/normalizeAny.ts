// `normalize` for any axes and any stretching of gamma and beta: statistic by statistic, row by row of its elements. What layers use most
// is in normalizeColumns.ts and normalizeRows.ts. Threads share the statistics.
import { bytesToRow, elementAt, storeElement, takeNests, walkedLength, walkedRows, walkedStep } from '../nestRows';
import { rowMean, rowMeanSquare, sumRowMoments } from './rowMoments';
import { writeNormalizedRow } from './rowWriting';
import { storeStatistics, varianceOf } from './statistics';
import { rangeStart } from '../work';

/**
 * args: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads), number of
 * statistics, elements per statistic, epsilon, then nests of [x, gamma, beta]: over the axes that are kept, and those that are reduced.
 */
export function normalizeAny(args: usize, thread: i32, threads: i32): void {
  const statistics = load<i32>(args, 36);
  const each = <f64>load<i32>(args, 40);
  takeNests(args + 48, 3);
  const end = rangeStart(statistics, 1, thread + 1, threads);
  for (let index = rangeStart(statistics, 1, thread, threads); index < end; index++) {
    let origin: f64 = 0;
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let row = 0; row < walkedRows; row++) {
      momentsOf(load<usize>(args) + bytesToRow(0, index, row), walkedStep(0), walkedLength);
      if (row == 0 && abs(meanOfRow) < Infinity) origin = meanOfRow;
      const way = meanOfRow - origin;
      const moved = way * <f64>walkedLength;
      sum += moved;
      squares += squaresOfRow + way * moved;
    }
    const fromOrigin = sum / each;
    const mean = origin + fromOrigin;
    const factor = storeStatistics(args + 16, index, mean, varianceOf(squares / each, fromOrigin), load<f32>(args, 44));
    if (load<usize>(args, 12) == 0) continue;
    for (let row = 0; row < walkedRows; row++) writeRow(args, index, row, mean, factor);
  }
}

/** Results of `momentsOf`: the mean of a row, and the sum of the squares of what is left without it. */
let meanOfRow: f64 = 0;
let squaresOfRow: f64 = 0;

function momentsOf(x: usize, step: i32, count: i32): void {
  if (step == 1) {
    meanOfRow = <f64>sumRowMoments(x, count) + rowMean;
    squaresOfRow = varianceOf(rowMeanSquare, rowMean) * <f64>count;
    return;
  }
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let element = 0; element < count; element++) sum += elementAt(x, element, step);
  const mean = sum / <f64>count;
  for (let element = 0; element < count; element++) {
    const deviation = elementAt(x, element, step) - mean;
    squares += deviation * deviation;
  }
  meanOfRow = mean;
  squaresOfRow = squares;
}

function writeRow(args: usize, index: i32, row: i32, mean: f64, factor: f32): void {
  const x = load<usize>(args) + bytesToRow(0, index, row);
  const gamma = load<usize>(args, 4) + bytesToRow(1, index, row);
  const beta = load<usize>(args, 8) + bytesToRow(2, index, row);
  const y = load<usize>(args, 12) + bytesToRow(0, index, row);
  const step = walkedStep(0);
  const gammaStep = walkedStep(1);
  const betaStep = walkedStep(2);
  if (step == 1 && gammaStep <= 1 && betaStep <= 1) {
    writeNormalizedRow(x, y, walkedLength, gamma, gammaStep, beta, betaStep, mean, factor);
    return;
  }
  for (let element = 0; element < walkedLength; element++) {
    const normalized = (elementAt(x, element, step) - mean) * <f64>factor;
    storeElement(y, element, step, normalized * elementAt(gamma, element, gammaStep) + elementAt(beta, element, betaStep));
  }
}
