// Reductions over any axes: along the last axis (each result is a fold of neighbours), or over others (rows are folded into a row).
// Sums are carried in float64, so that long axes lose nothing; the order never depends on the threads, which share the results.
import { extentOf, nestEnd, rankOf, rowCount, rowStart, strideOf } from './loops';
import { addRows, laneSum, sumOf } from './sums';
import { rangeStart, scratch } from './work';

/** Kinds of reduction, as the argument blocks name them; 0 is the sum. */
const maximum: i32 = 1;
const minimum: i32 = 2;
const product: i32 = 3;

// The kernels below share their arguments:
// from, to, kind, then a nest of [from] over the axes that are kept, then a nest of [from] over those that are reduced.
// The last axis of `from` is the last of one of the two nests, where neighbours lie side by side.

/** f32 sums where the last axis is reduced. */
export function sumAlong(args: usize, thread: i32, threads: i32): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const kept = args + 12;
  const reduced = nestEnd(kept, 1);
  const inner = rankOf(kept) - 1;
  const columns = extentOf(kept, inner);
  const step = strideOf(kept, 0, inner);
  const results = rowCount(kept) * columns;
  const rows = rowCount(reduced);
  const length = extentOf(reduced, rankOf(reduced) - 1);
  const end = rangeStart(results, 16, thread + 1, threads);
  for (let result = rangeStart(results, 16, thread, threads); result < end; result++) {
    const start = rowStart(kept, 0, result / columns) + (result % columns) * step;
    let total: f64 = 0;
    for (let row = 0; row < rows; row++) total += sumOf(from + (<usize>(start + rowStart(reduced, 0, row)) << 2), length);
    store<f32>(to + (<usize>result << 2), <f32>total);
  }
}

/** args: from, count, to: the sum of pairs of float64, which maps leave of what they have added up, as one f32. */
export function sumPartials(args: usize, thread: i32, threads: i32): void {
  if (thread > 0) return;
  let from = load<usize>(args);
  let sums = f64x2.splat(0);
  for (const end = from + (<usize>load<i32>(args, 4) << 4); from < end; from += 16) sums = f64x2.add(sums, v128.load(from));
  store<f32>(load<usize>(args, 8), <f32>laneSum(sums));
}

/** f32 sums where the last axis is kept. Each thread takes columns; a block of their sums stays in its scratch memory. */
export function sumOver(args: usize, thread: i32, threads: i32): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const kept = args + 12;
  const reduced = nestEnd(kept, 1);
  const columns = extentOf(kept, rankOf(kept) - 1);
  const keptRows = rowCount(kept);
  const inner = rankOf(reduced) - 1;
  const rows = rowCount(reduced);
  const length = extentOf(reduced, inner);
  const step = <usize>strideOf(reduced, 0, inner) << 2;
  const begin = rangeStart(columns, 16, thread, threads);
  const end = rangeStart(columns, 16, thread + 1, threads);
  const sums = scratch(thread);
  for (let keptRow = 0; keptRow < keptRows; keptRow++) {
    const start = from + (<usize>rowStart(kept, 0, keptRow) << 2);
    for (let first = begin; first < end; first += columnBlock) {
      const count = min(columnBlock, end - first);
      memory.fill(sums, 0, <usize>(count + 3) << 3);
      for (let row = 0; row < rows; row++) {
        addRows(start + (<usize>(rowStart(reduced, 0, row) + first) << 2), step, length, sums, count);
      }
      const target = to + (<usize>(keptRow * columns + first) << 2);
      for (let column = 0; column < count; column++) store<f32>(target + (<usize>column << 2), <f32>load<f64>(sums + (<usize>column << 3)));
    }
  }
}

/** Columns whose float64 sums are kept at a time. */
const columnBlock: i32 = 512;

/** f32 products in float64, so that only a result overflows that has to. */
export function multiply(args: usize, thread: i32, threads: i32): void {
  foldResults<f32, f64>(args, thread, threads, product, 1);
}

/** Maxima and minima of f32, any axes. NaN propagates. */
export function foldFloats(args: usize, thread: i32, threads: i32): void {
  if (load<i32>(args, 8) == maximum) foldResults<f32, f32>(args, thread, threads, maximum, -Infinity);
  else foldResults<f32, f32>(args, thread, threads, minimum, Infinity);
}

/** Sums, products, maxima and minima of i32, any axes. */
export function foldIntegers(args: usize, thread: i32, threads: i32): void {
  const kind = load<i32>(args, 8);
  if (kind == maximum) foldResults<i32, i32>(args, thread, threads, maximum, i32.MIN_VALUE);
  else if (kind == minimum) foldResults<i32, i32>(args, thread, threads, minimum, i32.MAX_VALUE);
  else if (kind == product) foldResults<i32, i32>(args, thread, threads, product, 1);
  else foldResults<i32, i32>(args, thread, threads, 0, 0);
}

/** Folds elements T into results that are carried as A; four at a time where they lie side by side and A is no wider. */
// @ts-ignore: decorator
@inline
function foldResults<T, A>(args: usize, thread: i32, threads: i32, kind: i32, start: A): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const kept = args + 12;
  const reduced = nestEnd(kept, 1);
  const keptInner = rankOf(kept) - 1;
  const columns = extentOf(kept, keptInner);
  const columnStep = <usize>strideOf(kept, 0, keptInner) << 2;
  const reducedInner = rankOf(reduced) - 1;
  const rows = rowCount(reduced);
  const length = extentOf(reduced, reducedInner);
  const step = <usize>strideOf(reduced, 0, reducedInner) << 2;
  const results = rowCount(kept) * columns;
  const end = rangeStart(results, 16, thread + 1, threads);
  let result = rangeStart(results, 16, thread, threads);
  while (result < end) {
    const column = result % columns;
    const begin = from + (<usize>rowStart(kept, 0, result / columns) << 2) + <usize>column * columnStep;
    if (sizeof<A>() == 4 && columnStep == 4 && column + 16 <= columns && result + 16 <= end) {
      // A line of the cache at a time.
      let first = splatOf<A>(start);
      let second = first;
      let third = first;
      let fourth = first;
      for (let row = 0; row < rows; row++) {
        let at = begin + (<usize>rowStart(reduced, 0, row) << 2);
        for (let element = 0; element < length; element++, at += step) {
          first = combineFour<A>(kind, first, v128.load(at));
          second = combineFour<A>(kind, second, v128.load(at, 16));
          third = combineFour<A>(kind, third, v128.load(at, 32));
          fourth = combineFour<A>(kind, fourth, v128.load(at, 48));
        }
      }
      const target = to + (<usize>result << 2);
      v128.store(target, first);
      v128.store(target, second, 16);
      v128.store(target, third, 32);
      v128.store(target, fourth, 48);
      result += 16;
      continue;
    }
    if (sizeof<A>() == 4 && columnStep == 4 && column + 4 <= columns && result + 4 <= end) {
      let folded = splatOf<A>(start);
      for (let row = 0; row < rows; row++) {
        let at = begin + (<usize>rowStart(reduced, 0, row) << 2);
        for (let element = 0; element < length; element++, at += step) folded = combineFour<A>(kind, folded, v128.load(at));
      }
      v128.store(to + (<usize>result << 2), folded);
      result += 4;
      continue;
    }
    let folded = start;
    for (let row = 0; row < rows; row++) {
      let at = begin + (<usize>rowStart(reduced, 0, row) << 2);
      let element = 0;
      if (sizeof<A>() == 4 && step == 4 && length >= 8) {
        // Four side by side: a fold need not wait for the one before.
        let first = splatOf<A>(start);
        let second = first;
        let third = first;
        let fourth = first;
        for (; element + 16 <= length; element += 16, at += 64) {
          first = combineFour<A>(kind, first, v128.load(at));
          second = combineFour<A>(kind, second, v128.load(at, 16));
          third = combineFour<A>(kind, third, v128.load(at, 32));
          fourth = combineFour<A>(kind, fourth, v128.load(at, 48));
        }
        for (; element + 4 <= length; element += 4, at += 16) first = combineFour<A>(kind, first, v128.load(at));
        const all = combineFour<A>(kind, combineFour<A>(kind, first, second), combineFour<A>(kind, third, fourth));
        folded = combine<A>(kind, folded, foldLanes<A>(kind, all));
      }
      for (; element < length; element++, at += step) folded = combine<A>(kind, folded, <A>load<T>(at));
    }
    store<T>(to + (<usize>result << 2), <T>folded);
    result++;
  }
}

// @ts-ignore: decorator
@inline
function splatOf<A>(value: A): v128 {
  return isFloat<A>() ? f32x4.splat(<f32>value) : i32x4.splat(<i32>value);
}

// @ts-ignore: decorator
@inline
function combine<A>(kind: i32, a: A, b: A): A {
  if (kind == maximum) return max<A>(a, b);
  if (kind == minimum) return min<A>(a, b);
  if (kind == product) return <A>(a * b);
  return <A>(a + b);
}

// @ts-ignore: decorator
@inline
function combineFour<A>(kind: i32, a: v128, b: v128): v128 {
  if (isFloat<A>()) return kind == maximum ? f32x4.max(a, b) : f32x4.min(a, b);
  if (kind == maximum) return i32x4.max_s(a, b);
  if (kind == minimum) return i32x4.min_s(a, b);
  if (kind == product) return i32x4.mul(a, b);
  return i32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function foldLanes<A>(kind: i32, four: v128): A {
  const halves = combineFour<A>(kind, four, v128.shuffle<i32>(four, four, 2, 3, 2, 3));
  const all = combineFour<A>(kind, halves, v128.shuffle<i32>(halves, halves, 1, 1, 1, 1));
  return isFloat<A>() ? <A>f32x4.extract_lane(all, 0) : <A>i32x4.extract_lane(all, 0);
}
