// A vector times a matrix, where memory and not arithmetic sets the speed: every element of the matrix is used once.
//
// The block of arguments is that of `product` for a result of one row or one column, with the vector as a and the matrix as b in
// either case: [k, n] or, with `transposedB`, [n, k].
import {
  aWord,
  bStepWord,
  bWord,
  biasWord,
  cWord,
  columnsWord,
  flagsWord,
  innerWord,
  matricesWord,
  relu,
  rowsWord,
  transposedB,
  wordsPerMatrix,
} from '../src/wasm/kernels/productLayout';
import { finishPanel } from './productPanel';
import { multiplyAdd } from './productTile';
import { rangeStart } from './work';

/** Elements of y that are not divided between threads: a cache line. */
const grain: i32 = 16;
/** Terms that are added up before they join the sum of the others. */
const sumBlock: i32 = 4096;

/** Threads share the elements of the result, of all products taken one after the other. */
export function vectorProduct(args: usize, thread: i32, threads: i32): void {
  const rows = load<i32>(args, rowsWord * 4);
  const count = rows * load<i32>(args, columnsWord * 4);
  const inner = load<i32>(args, innerWord * 4);
  const flags = load<i32>(args, flagsWord * 4);
  const step = load<usize>(args, bStepWord * 4);
  const bias = load<usize>(args, biasWord * 4);
  const units = (count + grain - 1) / grain;
  const allUnits = load<i32>(args, matricesWord * 4) * units;
  const end = rangeStart(allUnits, 1, thread + 1, threads);
  for (let next = rangeStart(allUnits, 1, thread, threads); next < end; ) {
    const matrix = next / units;
    const first = (next - matrix * units) * grain;
    const part = min(count, (end - matrix * units) * grain) - first;
    const at = <usize>first << 2;
    const offsets = args + (<usize>(matricesWord + 1 + wordsPerMatrix * matrix) << 2);
    const x = load<usize>(args, aWord * 4) + load<usize>(offsets);
    const b = load<usize>(args, bWord * 4) + load<usize>(offsets, 4);
    const y = load<usize>(args, cWord * 4) + load<usize>(offsets, 8) + at;
    if ((flags & transposedB) != 0) sumRows(x, b + step * first, step, inner, part, y);
    else addRows(x, b + at, step, inner, part, y);
    if (rows == 1) finishPanel(y, 0, 0, 0, 1, part, bias == 0 ? 0 : bias + at, (flags & relu) != 0);
    else finishPanel(y, 4, 0, 0, part, 1, bias, (flags & relu) != 0);
    next = (matrix + 1) * units;
  }
}

/** y[j] = Σ x[i] · rows[i, j] for `count` columns: rows scaled and added, eight at a time. */
function addRows(x: usize, matrix: usize, step: usize, length: i32, count: i32, y: usize): void {
  memory.fill(y, 0, <usize>count << 2);
  const end = y + (<usize>count << 2);
  for (; length >= 8; length -= 8) {
    addEightRows(x, matrix, step, y, end);
    x += 32;
    matrix += step << 3;
  }
  for (; length > 0; length--) {
    addRow(load<f32>(x), matrix, y, end);
    x += 4;
    matrix += step;
  }
}

/** y[j] = Σ rows[j, i] · x[i] for `count` rows: a sum for each, four at a time. */
function sumRows(x: usize, matrix: usize, step: usize, length: i32, count: i32, y: usize): void {
  for (; count >= 4; count -= 4) {
    sumFourRows(x, matrix, step, length, y);
    matrix += step << 2;
    y += 16;
  }
  for (; count > 0; count--) {
    sumRow(x, matrix, length, y);
    matrix += step;
    y += 4;
  }
}

function addEightRows(x: usize, row0: usize, step: usize, y: usize, end: usize): void {
  const row1 = row0 + step;
  const row2 = row1 + step;
  const row3 = row2 + step;
  const row4 = row3 + step;
  const row5 = row4 + step;
  const row6 = row5 + step;
  const row7 = row6 + step;
  const x0 = v128.load32_splat(x);
  const x1 = v128.load32_splat(x, 4);
  const x2 = v128.load32_splat(x, 8);
  const x3 = v128.load32_splat(x, 12);
  const x4 = v128.load32_splat(x, 16);
  const x5 = v128.load32_splat(x, 20);
  const x6 = v128.load32_splat(x, 24);
  const x7 = v128.load32_splat(x, 28);
  let at: usize = 0;
  for (; y + 16 <= end; y += 16) {
    let sum = f32x4.mul(x0, v128.load(row0 + at));
    sum = multiplyAdd(x1, v128.load(row1 + at), sum);
    sum = multiplyAdd(x2, v128.load(row2 + at), sum);
    sum = multiplyAdd(x3, v128.load(row3 + at), sum);
    sum = multiplyAdd(x4, v128.load(row4 + at), sum);
    sum = multiplyAdd(x5, v128.load(row5 + at), sum);
    sum = multiplyAdd(x6, v128.load(row6 + at), sum);
    sum = multiplyAdd(x7, v128.load(row7 + at), sum);
    v128.store(y, f32x4.add(v128.load(y), sum));
    at += 16;
  }
  for (; y < end; y += 4) {
    let sum: f32 = 0;
    for (let i: usize = 0; i < 8; i++) sum += load<f32>(x + (i << 2)) * load<f32>(row0 + step * i + at);
    store<f32>(y, load<f32>(y) + sum);
    at += 4;
  }
}

function addRow(x: f32, row: usize, y: usize, end: usize): void {
  const factor = f32x4.splat(x);
  for (; y + 16 <= end; y += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(row))));
    row += 16;
  }
  for (; y < end; y += 4) {
    store<f32>(y, load<f32>(y) + x * load<f32>(row));
    row += 4;
  }
}

// One row and four rows add up in the same order, so that it does not matter which rows go together.

function sumFourRows(x: usize, row0: usize, step: usize, length: i32, y: usize): void {
  const row1 = row0 + step;
  const row2 = row1 + step;
  const row3 = row2 + step;
  let total0: f32 = 0;
  let total1: f32 = 0;
  let total2: f32 = 0;
  let total3: f32 = 0;
  let at: usize = 0;
  for (; length > 0; length -= sumBlock) {
    const terms = min(length, sumBlock);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    const pairsEnd = at + (<usize>(terms & -8) << 2);
    while (at < pairsEnd) {
      const low = v128.load(x + at);
      const high = v128.load(x + at, 16);
      s0 = multiplyAdd(low, v128.load(row0 + at), s0);
      t0 = multiplyAdd(high, v128.load(row0 + at, 16), t0);
      s1 = multiplyAdd(low, v128.load(row1 + at), s1);
      t1 = multiplyAdd(high, v128.load(row1 + at, 16), t1);
      s2 = multiplyAdd(low, v128.load(row2 + at), s2);
      t2 = multiplyAdd(high, v128.load(row2 + at, 16), t2);
      s3 = multiplyAdd(low, v128.load(row3 + at), s3);
      t3 = multiplyAdd(high, v128.load(row3 + at, 16), t3);
      at += 32;
    }
    let sum0 = sumOfLanes(f32x4.add(s0, t0));
    let sum1 = sumOfLanes(f32x4.add(s1, t1));
    let sum2 = sumOfLanes(f32x4.add(s2, t2));
    let sum3 = sumOfLanes(f32x4.add(s3, t3));
    for (const end = at + (<usize>(terms & 7) << 2); at < end; at += 4) {
      const factor = load<f32>(x + at);
      sum0 += factor * load<f32>(row0 + at);
      sum1 += factor * load<f32>(row1 + at);
      sum2 += factor * load<f32>(row2 + at);
      sum3 += factor * load<f32>(row3 + at);
    }
    total0 += sum0;
    total1 += sum1;
    total2 += sum2;
    total3 += sum3;
  }
  store<f32>(y, total0);
  store<f32>(y, total1, 4);
  store<f32>(y, total2, 8);
  store<f32>(y, total3, 12);
}

function sumRow(x: usize, row: usize, length: i32, y: usize): void {
  let total: f32 = 0;
  let at: usize = 0;
  for (; length > 0; length -= sumBlock) {
    const terms = min(length, sumBlock);
    let s = f32x4.splat(0), t = s;
    const pairsEnd = at + (<usize>(terms & -8) << 2);
    while (at < pairsEnd) {
      s = multiplyAdd(v128.load(x + at), v128.load(row + at), s);
      t = multiplyAdd(v128.load(x + at, 16), v128.load(row + at, 16), t);
      at += 32;
    }
    let sum = sumOfLanes(f32x4.add(s, t));
    for (const end = at + (<usize>(terms & 7) << 2); at < end; at += 4) sum += load<f32>(x + at) * load<f32>(row + at);
    total += sum;
  }
  store<f32>(y, total);
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
