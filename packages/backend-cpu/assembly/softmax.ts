// softmax and logSoftmax along an axis, and the cross-entropy of rows with its gradient.
import { firstLanes, storeFirst } from './lanes';
import { expFour, logOf } from './math';
import { fourRows, largestOfRow, logTotalOfRow, shortRow, storeRow, writeShares } from './normalization/shortRows';
import { addToSums, doubles, laneSum } from './sums';
import { rangeStart, scratch } from './work';

/** args: x, y, rows, extent, 1 for the logarithm: along the last axis of [rows, extent]. */
export function softmaxRows(args: usize, thread: i32, threads: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 4);
  const rows = load<i32>(args, 8);
  const extent = load<i32>(args, 12);
  const logarithm = load<i32>(args, 16) != 0;
  const end = rangeStart(rows, 16, thread + 1, threads);
  for (let row = rangeStart(rows, 16, thread, threads); row < end; row++) {
    const start = <usize>(row * extent) << 2;
    if (!logarithm && extent <= shortRow && row + 4 <= end) {
      fourRows(x + start, extent, scratch(thread));
      writeShares(scratch(thread), y + start, extent);
      row += 3;
      continue;
    }
    const largest = largestOf(x + start, extent);
    const total = powersOf(x + start, logarithm ? 0 : y + start, extent, largest);
    if (!logarithm) divide(y + start, extent, <f32>total);
    else subtract(x + start, y + start, extent, largest, <f32>logOf(total));
  }
}

/** args: x, y, outer, extent, inner, 1 for the logarithm: along the middle axis of [outer, extent, inner]. */
export function softmaxColumns(args: usize, thread: i32, threads: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 4);
  const outer = load<i32>(args, 8);
  const extent = load<i32>(args, 12);
  const inner = load<i32>(args, 16);
  const logarithm = load<i32>(args, 20) != 0;
  const begin = rangeStart(inner, 16, thread, threads);
  const end = rangeStart(inner, 16, thread + 1, threads);
  for (let block = 0; block < outer; block++) {
    for (let first = begin; first < end; first += columnBlock) {
      const start = <usize>(block * extent * inner + first) << 2;
      columnsSoftmax(x + start, y + start, <usize>inner << 2, extent, min(columnBlock, end - first), logarithm, scratch(thread));
    }
  }
}

/** Columns that are done together, row by row. */
const columnBlock: i32 = 256;

/** Rows are `step` bytes apart. `state`: per column the largest element, then the sum of the powers in float64. */
function columnsSoftmax(x: usize, y: usize, step: usize, extent: i32, count: i32, logarithm: bool, state: usize): void {
  const sums = state + (<usize>columnBlock << 2);
  for (let column = 0; column < count; column += 4) {
    const at = <usize>column << 2;
    v128.store(state + at, f32x4.splat(-Infinity));
    v128.store(sums + 2 * at, f64x2.splat(0));
    v128.store(sums + 2 * at + 16, f64x2.splat(0));
  }
  for (let row = 0, from = x; row < extent; row++, from += step) {
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      v128.store(state + at, f32x4.max(v128.load(state + at), v128.load(from + at)));
    }
  }
  for (let row = 0, from = x; row < extent; row++, from += step) {
    for (let at: usize = 0; at < <usize>count << 2; at += 16) {
      addToSums(sums + 2 * at, expFour(f32x4.sub(v128.load(from + at), v128.load(state + at))));
    }
  }
  // From here on the sums are what each element is divided by or lowered by.
  for (let column = 0; column < count; column++) {
    const total = load<f64>(sums + (<usize>column << 3));
    store<f32>(sums + (<usize>column << 2), <f32>(logarithm ? logOf(total) : total));
  }
  for (let row = 0, from = x, to = y; row < extent; row++, from += step, to += step) {
    for (let column = 0; column < count; column += 4) {
      const at = <usize>column << 2;
      const lowered = f32x4.sub(v128.load(from + at), v128.load(state + at));
      const result = logarithm ? f32x4.sub(lowered, v128.load(sums + at)) : f32x4.div(expFour(lowered), v128.load(sums + at));
      storeFirst(to + at, result, count - column);
    }
  }
}

// The two kernels below share the end of their arguments: rows, classes, 1 for class indices (0 for weights), 1 − smoothing,
// smoothing / classes. The weight of a class is (1 − s) q + s / classes, and NaN for a class index out of range, so that it cannot go
// unnoticed.

/** args: logits, target, loss or 0, probabilities or 0, then the above. */
export function crossEntropy(args: usize, thread: i32, threads: i32): void {
  const logits = load<usize>(args);
  const target = load<usize>(args, 4);
  const loss = load<usize>(args, 8);
  const probabilities = load<usize>(args, 12);
  const rows = load<i32>(args, 16);
  const classes = load<i32>(args, 20);
  const indices = load<i32>(args, 24) != 0;
  const kept = load<f32>(args, 28);
  const floor = load<f32>(args, 32);
  const end = rangeStart(rows, 16, thread + 1, threads);
  const state = scratch(thread);
  for (let row = rangeStart(rows, 16, thread, threads); row < end; ) {
    const start = <usize>(row * classes) << 2;
    const height = classes <= shortRow && row + 4 <= end ? 4 : 1;
    if (height == 4) {
      fourRows(logits + start, classes, state);
      if (probabilities != 0) writeShares(state, probabilities + start, classes);
    } else {
      const largest = largestOf(logits + start, classes);
      const total = powersOf(logits + start, probabilities != 0 ? probabilities + start : 0, classes, largest);
      if (probabilities != 0) divide(probabilities + start, classes, <f32>total);
      storeRow(state, largest, logOf(total));
    }
    for (let line: usize = 0; line < <usize>height; line++, row++) {
      if (loss == 0) continue;
      const at = <usize>(row * classes) << 2;
      const largest = largestOfRow(state, line);
      const logTotal = logTotalOfRow(state, line);
      const result = indices
        ? lossOfIndex(logits + at, load<i32>(target + (<usize>row << 2)), classes, largest, logTotal, kept, floor)
        : lossOfWeights(logits + at, target + at, classes, largest, logTotal, kept, floor);
      store<f32>(loss + (<usize>row << 2), <f32>result);
    }
  }
}

function lossOfIndex(logits: usize, label: i32, classes: i32, largest: f32, logTotal: f64, kept: f32, floor: f32): f64 {
  if (<u32>label >= <u32>classes) return f64.NaN;
  // A class of weight 0 is left out rather than multiplied: its logit may be −∞.
  const result: f64 = kept == 0 ? 0 : <f64>kept * surprise(logits + (<usize>label << 2), largest, logTotal);
  if (floor == 0) return result;
  let all: f64 = 0;
  for (let column = 0; column < classes; column++) all += surprise(logits + (<usize>column << 2), largest, logTotal);
  return result + <f64>floor * all;
}

function lossOfWeights(logits: usize, target: usize, classes: i32, largest: f32, logTotal: f64, kept: f32, floor: f32): f64 {
  let result: f64 = 0;
  for (let at: usize = 0; at < <usize>classes << 2; at += 4) {
    const weight = load<f32>(target + at) * kept + floor;
    if (weight != 0) result += <f64>weight * surprise(logits + at, largest, logTotal);
  }
  return result;
}

/** −ln of the probability of a class: the logarithm is added last, because logits may be so large that it is lost in them. */
// @ts-ignore: decorator
@inline
function surprise(logit: usize, largest: f32, logTotal: f64): f64 {
  return <f64>largest - <f64>load<f32>(logit) + logTotal;
}

/** args: probabilities, target, dLoss, dLogits, then the above. */
export function crossEntropyGradient(args: usize, thread: i32, threads: i32): void {
  const probabilities = load<usize>(args);
  const target = load<usize>(args, 4);
  const dLoss = load<usize>(args, 8);
  const dLogits = load<usize>(args, 12);
  const rows = load<i32>(args, 16);
  const classes = load<i32>(args, 20);
  const indices = load<i32>(args, 24) != 0;
  const kept = load<f32>(args, 28);
  const floor = load<f32>(args, 32);
  const end = rangeStart(rows, 16, thread + 1, threads);
  for (let row = rangeStart(rows, 16, thread, threads); row < end; row++) {
    const start = <usize>(row * classes) << 2;
    const upstream = load<f32>(dLoss + (<usize>row << 2));
    if (!indices) {
      gradientOfWeights(probabilities + start, target + start, dLogits + start, classes, upstream, kept, floor);
      continue;
    }
    const label = load<i32>(target + (<usize>row << 2));
    const inRange = <u32>label < <u32>classes;
    // The weights of all classes together.
    const mass: f32 = inRange ? <f32>(<f64>kept + <f64>floor * <f64>classes) : f32.NaN;
    gradientOfFloor(probabilities + start, dLogits + start, classes, upstream, mass, floor);
    if (!inRange) continue;
    const at = start + (<usize>label << 2);
    store<f32>(dLogits + at, (load<f32>(probabilities + at) * mass - (kept + floor)) * upstream);
  }
}

/** dLogits = (p · mass − floor) · upstream: right for all classes but that of the target. */
function gradientOfFloor(probabilities: usize, dLogits: usize, classes: i32, upstream: f32, mass: f32, floor: f32): void {
  for (let column = 0; column < classes; column += 4) {
    const at = <usize>column << 2;
    const weighted = f32x4.sub(f32x4.mul(v128.load(probabilities + at), f32x4.splat(mass)), f32x4.splat(floor));
    storeFirst(dLogits + at, f32x4.mul(weighted, f32x4.splat(upstream)), classes - column);
  }
}

function gradientOfWeights(
  probabilities: usize,
  target: usize,
  dLogits: usize,
  classes: i32,
  upstream: f32,
  kept: f32,
  floor: f32,
): void {
  let mass: f64 = 0;
  for (let at: usize = 0; at < <usize>classes << 2; at += 4) mass += <f64>(load<f32>(target + at) * kept + floor);
  for (let at: usize = 0; at < <usize>classes << 2; at += 4) {
    const weight = load<f32>(target + at) * kept + floor;
    store<f32>(dLogits + at, <f32>((<f64>load<f32>(probabilities + at) * mass - <f64>weight) * <f64>upstream));
  }
}

// Lines are read as whole vectors: past the end of a line there is the next one, or the padding of the buffer. What is read there is
// replaced before it counts, and nothing is written there.

/** NaN when one of the elements is. */
function largestOf(from: usize, count: i32): f32 {
  let largest = f32x4.splat(-Infinity);
  let others = largest;
  let element = 0;
  for (; element + 8 <= count; element += 8, from += 32) {
    largest = f32x4.max(largest, v128.load(from));
    others = f32x4.max(others, v128.load(from, 16));
  }
  for (; element < count; element += 4, from += 16) {
    largest = f32x4.max(largest, firstLanes(v128.load(from), count - element, f32x4.splat(-Infinity)));
  }
  largest = f32x4.max(largest, others);
  const halves = f32x4.max(largest, v128.shuffle<i32>(largest, largest, 2, 3, 2, 3));
  return f32x4.extract_lane(f32x4.max(halves, v128.shuffle<i32>(halves, halves, 1, 1, 1, 1)), 0);
}

/** The sum of e to each element minus the largest; the powers themselves are written to `to`, if it is not 0. */
function powersOf(from: usize, to: usize, count: i32, largest: f32): f64 {
  let sums = f64x2.splat(0);
  let element = 0;
  if (to != 0) {
    // Two side by side: a power is a long chain of operations.
    for (; element + 8 <= count; element += 8, from += 32, to += 32) {
      const first = expFour(f32x4.sub(v128.load(from), f32x4.splat(largest)));
      const second = expFour(f32x4.sub(v128.load(from, 16), f32x4.splat(largest)));
      v128.store(to, first);
      v128.store(to, second, 16);
      sums = f64x2.add(sums, f64x2.add(doubles(first), doubles(second)));
    }
  }
  for (; element < count; element += 4, from += 16) {
    const powers = expFour(f32x4.sub(v128.load(from), f32x4.splat(largest)));
    if (to != 0) {
      storeFirst(to, powers, count - element);
      to += 16;
    }
    sums = f64x2.add(sums, doubles(firstLanes(powers, count - element, f32x4.splat(0))));
  }
  return laneSum(sums);
}

function divide(values: usize, count: i32, by: f32): void {
  let element = 0;
  for (; element + 4 <= count; element += 4, values += 16) v128.store(values, f32x4.div(v128.load(values), f32x4.splat(by)));
  for (; element < count; element += 4, values += 16) {
    storeFirst(values, f32x4.div(v128.load(values), f32x4.splat(by)), count - element);
  }
}

function subtract(from: usize, to: usize, count: i32, first: f32, second: f32): void {
  for (let element = 0; element < count; element += 4, from += 16, to += 16) {
    storeFirst(to, f32x4.sub(f32x4.sub(v128.load(from), f32x4.splat(first)), f32x4.splat(second)), count - element);
  }
}
