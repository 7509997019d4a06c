// The gradient of `normalize` for any axes and any stretching of gamma, row by row as in normalizeAny.ts. Threads share the statistics for
// that of x, and the elements of gamma for that of gamma, which goes over everything once more.
import { bytesToRow, elementAt, storeElement, takeNests, walkedLength, walkedRows, walkedStep } from '../nestRows';
import { rowProducts, rowSum, sumRow } from './rowProducts';
import { writeGradientRow } from './rowWriting';
import { rangeStart } from '../work';

/** A gamma for all elements of a row that has none. */
const one: usize = memory.data<f32>([1]);

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx, number of statistics, elements per statistic, then nests of [x, gamma]:
 * over the axes that are kept, and over those that are reduced.
 * With x̂ the normalized values and g = dy γ: dx = r (g − mean g − x̂ mean(g x̂)).
 */
export function normalizeAnyGradient(args: usize, thread: i32, threads: i32): void {
  const statistics = load<i32>(args, 28);
  const each = <f64>load<i32>(args, 32);
  takeNests(args + 36, 2);
  const end = rangeStart(statistics, 1, thread + 1, threads);
  for (let index = rangeStart(statistics, 1, thread, threads); index < end; index++) {
    const statistic = (<usize>index) << 2;
    const center = load<f32>(load<usize>(args, 8) + statistic);
    const correction = <f64>load<f32>(load<usize>(args, 12) + statistic);
    const factor = <f64>load<f32>(load<usize>(args, 16) + statistic);
    let sum: f64 = 0;
    let products: f64 = 0;
    for (let row = 0; row < walkedRows; row++) {
      sumScaledRow(args, index, row, center);
      sum += rowTotal;
      products += rowProjection;
    }
    // dx = r g + (x − center) · slope + shift; the shift holds what the correction of the center adds.
    const slope = (-factor * factor * factor * (products - correction * sum)) / each;
    const shift = -correction * slope - (factor * sum) / each;
    for (let row = 0; row < walkedRows; row++) writeRow(args, index, row, center, factor, slope, shift);
  }
}

/** Results of `sumScaledRow`: Σ g and Σ g (x − center). */
let rowTotal: f64 = 0;
let rowProjection: f64 = 0;

function sumScaledRow(args: usize, index: i32, row: i32, center: f32): void {
  const x = load<usize>(args) + bytesToRow(0, index, row);
  const dy = load<usize>(args, 20) + bytesToRow(0, index, row);
  const gamma = load<usize>(args, 4) + bytesToRow(1, index, row);
  const step = walkedStep(0);
  const gammaStep = walkedStep(1);
  if (step == 1 && gammaStep <= 1) {
    sumRow(x, dy, gamma, gammaStep, walkedLength, center);
    rowTotal = rowSum;
    rowProjection = rowProducts;
    return;
  }
  let sum: f64 = 0;
  let products: f64 = 0;
  for (let element = 0; element < walkedLength; element++) {
    const scaled = elementAt(dy, element, step) * elementAt(gamma, element, gammaStep);
    sum += scaled;
    products += scaled * (elementAt(x, element, step) - <f64>center);
  }
  rowTotal = sum;
  rowProjection = products;
}

function writeRow(args: usize, index: i32, row: i32, center: f32, factor: f64, slope: f64, shift: f64): void {
  const x = load<usize>(args) + bytesToRow(0, index, row);
  const dy = load<usize>(args, 20) + bytesToRow(0, index, row);
  const dx = load<usize>(args, 24) + bytesToRow(0, index, row);
  const gamma = load<usize>(args, 4) + bytesToRow(1, index, row);
  const step = walkedStep(0);
  const gammaStep = walkedStep(1);
  if (step == 1 && gammaStep <= 1) {
    writeGradientRow(x, gamma, gammaStep, dy, dx, 0, walkedLength, center, <f32>factor, <f32>slope, <f32>shift);
    return;
  }
  for (let element = 0; element < walkedLength; element++) {
    const scaled = elementAt(dy, element, step) * elementAt(gamma, element, gammaStep);
    storeElement(dx, element, step, factor * scaled + (elementAt(x, element, step) - <f64>center) * slope + shift);
  }
}

/**
 * args: x, center, correction, reciprocalDeviation, dy, dGamma, elements of gamma, then nests of [x, statistics]: over gamma's axes, and
 * over the others. dGamma = Σ dy x̂.
 */
export function normalizeGammaGradient(args: usize, thread: i32, threads: i32): void {
  const gammas = load<i32>(args, 24);
  const dGamma = load<usize>(args, 20);
  takeNests(args + 28, 2);
  const end = rangeStart(gammas, 1, thread + 1, threads);
  for (let index = rangeStart(gammas, 1, thread, threads); index < end; index++) {
    let total: f64 = 0;
    for (let row = 0; row < walkedRows; row++) total += projectionOfRow(args, index, row);
    storeElement(dGamma, index, 1, total);
  }
}

/** Σ dy x̂ of a row. */
function projectionOfRow(args: usize, index: i32, row: i32): f64 {
  const x = load<usize>(args) + bytesToRow(0, index, row);
  const dy = load<usize>(args, 16) + bytesToRow(0, index, row);
  const statistic = bytesToRow(1, index, row);
  const center = load<usize>(args, 4) + statistic;
  const correction = load<usize>(args, 8) + statistic;
  const factor = load<usize>(args, 12) + statistic;
  const step = walkedStep(0);
  const statisticStep = walkedStep(1);
  if (step == 1 && statisticStep == 0) {
    sumRow(x, dy, one, 0, walkedLength, load<f32>(center));
    return (rowProducts - <f64>load<f32>(correction) * rowSum) * <f64>load<f32>(factor);
  }
  let total: f64 = 0;
  for (let element = 0; element < walkedLength; element++) {
    const mean = elementAt(center, element, statisticStep) + elementAt(correction, element, statisticStep);
    const normalized = (elementAt(x, element, step) - mean) * elementAt(factor, element, statisticStep);
    total += elementAt(dy, element, step) * normalized;
  }
  return total;
}
