// The gradient of `normalize` where each row of [rows, columns] has statistics of its own. Sums over the rows, which belong to columns,
// come in two commands: those of fixed blocks of rows, shared by the threads, and the sums of these.
import { normalizeRowBlocks, normalizeRowSumBytes } from '../../src/wasm/kernels/normalizeLayout';
import { storeFirst } from '../lanes';
import { multiplyAdd } from '../product/productTile';
import { rowProducts, rowSum, sumRow } from './rowProducts';
import { writeGradientRow } from './rowWriting';
import { addToSums } from '../sums';
import { rangeStart } from '../work';

/** Rows with the same gamma that are added up in f32 before they join the others in float64. */
const rowsInSingle: i32 = 64;

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx (0 if nobody reads it), sums (0 if nobody needs them), rows, columns,
 * rows with a gamma of their own (others follow that have the same ones), gamma's step (1 or 0).
 * With x̂ the normalized values and g = dy γ: dx = r (g − mean g − x̂ mean(g x̂)).
 * The sums, for each block of rows: Σ dy and Σ dy x̂ per element of gamma, in float64, and room for as many f32.
 */
export function normalizeRowsGradient(args: usize, thread: i32, threads: i32): void {
  const rows = load<i32>(args, 32);
  const period = load<i32>(args, 40);
  const height = ((rows / period + normalizeRowBlocks - 1) / normalizeRowBlocks) * period;
  const end = rangeStart(normalizeRowBlocks, 1, thread + 1, threads);
  for (let block = rangeStart(normalizeRowBlocks, 1, thread, threads); block < end; block++) {
    gradientBlock(args, block, block * height, min(rows, (block + 1) * height));
  }
}

function gradientBlock(args: usize, block: i32, first: i32, end: i32): void {
  const period = load<i32>(args, 40);
  const padded = <usize>((load<i32>(args, 36) * period + 3) & -4);
  const all = load<usize>(args, 28);
  const sums = all == 0 ? 0 : all + <usize>block * padded * normalizeRowSumBytes;
  const partials = sums + padded * 16;
  if (sums != 0) memory.fill(sums, 0, padded * 16);
  for (let row = first; row < end;) {
    const last = min(end, row + rowsInSingle * period);
    if (sums != 0) memory.fill(partials, 0, padded * 8);
    for (; row < last; row++) gradientRow(args, row, load<i32>(args, 36), sums == 0 ? 0 : partials, padded << 2);
    if (sums == 0) continue;
    for (let at: usize = 0; at < padded << 3; at += 16) addToSums(sums + 2 * at, v128.load(partials + at));
  }
}

/** @param sums where dy, and `partialStep` bytes behind it dy x̂, are added, per element of gamma; or 0 */
function gradientRow(args: usize, row: i32, count: i32, sums: usize, partialStep: usize): void {
  const place = (<usize>((row % load<i32>(args, 40)) * count)) << 2;
  const partials = sums == 0 ? 0 : sums + place;
  const start = (<usize>(row * count)) << 2;
  const statistic = (<usize>row) << 2;
  const x = load<usize>(args) + start;
  const gammaStep = <usize>load<i32>(args, 44);
  const gamma = load<usize>(args, 4) + place * gammaStep;
  const dy = load<usize>(args, 20) + start;
  const dx = load<usize>(args, 24);
  const center = load<f32>(load<usize>(args, 8) + statistic);
  const correction = <f64>load<f32>(load<usize>(args, 12) + statistic);
  const factor = <f64>load<f32>(load<usize>(args, 16) + statistic);
  let done = 0;
  if (dx != 0) {
    sumRow(x, dy, gamma, gammaStep, count, center);
    const slope = (factor * factor * factor * (rowProducts - correction * rowSum)) / <f64>count;
    // dx = r g − (x − center) · slope − shift; the shift holds what the correction of the center adds.
    const shift = <f32>(correction * slope - (factor * rowSum) / <f64>count);
    if (gammaStep == 1 && partials != 0) {
      done = count & -8;
      writeRowAndSums(
        x,
        gamma,
        dy,
        dx + start,
        done,
        center,
        <f32>factor,
        <f32>-slope,
        shift,
        <f32>(-correction * factor),
        partials,
        partialStep,
      );
    }
    writeGradientRow(x, gamma, gammaStep, dy, dx + start, done, count, center, <f32>factor, <f32>-slope, shift);
  }
  if (partials == 0) return;
  const rest = f32x4.splat(<f32>(-correction * factor));
  for (let at = (<usize>done) << 2; at < (<usize>count) << 2; at += 16) {
    const value = v128.load(dy + at);
    const normalized = multiplyAdd(f32x4.sub(v128.load(x + at), f32x4.splat(center)), f32x4.splat(<f32>factor), rest);
    // Behind the last column the sums of the next row may begin.
    const sum = f32x4.add(v128.load(partials + at), value);
    const product = multiplyAdd(value, normalized, v128.load(partials + partialStep + at));
    storeFirst(partials + at, sum, count - (<i32>at >> 2));
    storeFirst(partials + partialStep + at, product, count - (<i32>at >> 2));
  }
}

/** dx and both sums of whole pairs of vectors, with one gamma for each column: everything is read once. */
function writeRowAndSums(
  x: usize,
  gamma: usize,
  dy: usize,
  dx: usize,
  count: i32,
  center: f32,
  factor: f32,
  slope: f32,
  shift: f32,
  rest: f32,
  partials: usize,
  partialStep: usize,
): void {
  const centers = f32x4.splat(center);
  const factors = f32x4.splat(factor);
  const slopes = f32x4.splat(slope);
  const shifts = f32x4.splat(shift);
  const rests = f32x4.splat(rest);
  const products = partials + partialStep;
  for (let at: usize = 0; at < (<usize>count) << 2; at += 32) {
    const low = v128.load(dy + at);
    const high = v128.load(dy + at, 16);
    const difference0 = f32x4.sub(v128.load(x + at), centers);
    const difference1 = f32x4.sub(v128.load(x + at, 16), centers);
    const scaled0 = f32x4.mul(low, v128.load(gamma + at));
    const scaled1 = f32x4.mul(high, v128.load(gamma + at, 16));
    const result0 = multiplyAdd(scaled0, factors, multiplyAdd(difference0, slopes, shifts));
    const result1 = multiplyAdd(scaled1, factors, multiplyAdd(difference1, slopes, shifts));
    const sum0 = f32x4.add(v128.load(partials + at), low);
    const sum1 = f32x4.add(v128.load(partials + at, 16), high);
    const product0 = multiplyAdd(low, multiplyAdd(difference0, factors, rests), v128.load(products + at));
    const product1 = multiplyAdd(high, multiplyAdd(difference1, factors, rests), v128.load(products + at, 16));
    v128.store(dx + at, result0);
    v128.store(dx + at, result1, 16);
    v128.store(partials + at, sum0);
    v128.store(partials + at, sum1, 16);
    v128.store(products + at, product0);
    v128.store(products + at, product1, 16);
  }
}

/**
 * Sums of what other kernels have summed up in parts, by column. args: the first sums of the first part, Σ dy, dGamma (0 for one that nobody
 * reads), columns, parts, bytes from part to part, bytes from the first sums of a part to the second ones. Threads share the columns.
 */
export function normalizeSums(args: usize, thread: i32, threads: i32): void {
  const columns = load<i32>(args, 12);
  const end = rangeStart(columns, 16, thread + 1, threads);
  for (let column = rangeStart(columns, 16, thread, threads); column < end; column += 2) {
    let at = load<usize>(args) + ((<usize>column) << 3);
    for (let output: usize = 4; output <= 8; output += 4, at += load<usize>(args, 24)) {
      const to = load<usize>(args + output);
      if (to != 0)
        storeFirst(to + ((<usize>column) << 2), sumOfParts(at, load<i32>(args, 16), load<usize>(args, 20)), min(2, end - column));
    }
  }
}

/** The sums of two neighbouring columns, as f32. */
function sumOfParts(at: usize, parts: i32, step: usize): v128 {
  let sum = v128.load(at);
  for (let part = 1; part < parts; part++) sum = f64x2.add(sum, v128.load((at += step)));
  return f32x4.demote_f64x2_zero(sum);
}
