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
} from '../../src/wasm/kernels/productLayout';
import { rectifyPanel } from './productPanel';
import { multiplyAdd } from './productTile';
import { rangeStart, scratch } from '../work';

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
    if (bias == 0) memory.fill(y, 0, <usize>part << 2);
    else if (rows == 1) memory.copy(y, bias + at, <usize>part << 2);
    else for (let i = 0; i < part; i++) store<f32>(y + (<usize>i << 2), load<f32>(bias));
    if ((flags & transposedB) != 0) sumRows(x, b + step * first, step, inner, part, y, scratch(thread));
    else addRows(x, b + at, step, inner, part, y);
    if ((flags & relu) != 0) rectifyPanel(y, 0, 0, 0, 1, part);
    next = (matrix + 1) * units;
  }
}

/** y[j] += Σ x[i] · rows[i, j] for `count` columns: rows scaled and added, four at a time. */
function addRows(x: usize, matrix: usize, step: usize, length: i32, count: i32, y: usize): void {
  const end = y + (<usize>count << 2);
  for (; length >= 4; length -= 4) {
    addFourRows(x, matrix, step, y, end);
    x += 16;
    matrix += step << 2;
  }
  for (; length > 0; length--) {
    addRow(load<f32>(x), matrix, y, end);
    x += 4;
    matrix += step;
  }
}

/** Not more than four: engines load all that is needed before they compute, and have 16 registers. */
function addFourRows(x: usize, row0: usize, step: usize, y: usize, end: usize): void {
  let row1 = row0 + step;
  let row2 = row1 + step;
  let row3 = row2 + step;
  const x0 = v128.load32_splat(x);
  const x1 = v128.load32_splat(x, 4);
  const x2 = v128.load32_splat(x, 8);
  const x3 = v128.load32_splat(x, 12);
  for (; y + 32 <= end; y += 32) {
    let low = f32x4.mul(x0, v128.load(row0));
    let high = f32x4.mul(x0, v128.load(row0, 16));
    low = multiplyAdd(x1, v128.load(row1), low);
    high = multiplyAdd(x1, v128.load(row1, 16), high);
    low = multiplyAdd(x2, v128.load(row2), low);
    high = multiplyAdd(x2, v128.load(row2, 16), high);
    low = multiplyAdd(x3, v128.load(row3), low);
    high = multiplyAdd(x3, v128.load(row3, 16), high);
    low = f32x4.add(v128.load(y), low);
    high = f32x4.add(v128.load(y, 16), high);
    v128.store(y, low);
    v128.store(y, high, 16);
    row0 += 32;
    row1 += 32;
    row2 += 32;
    row3 += 32;
  }
  for (; y < end; y += 4) {
    const sum =
      load<f32>(x) * load<f32>(row0) +
      load<f32>(x, 4) * load<f32>(row1) +
      (load<f32>(x, 8) * load<f32>(row2) + load<f32>(x, 12) * load<f32>(row3));
    store<f32>(y, load<f32>(y) + sum);
    row0 += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
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

/** y[j] += Σ rows[j, i] · x[i] for `count` rows: a sum for each, three at a time. All rows add up in the same order. */
function sumRows(x: usize, matrix: usize, step: usize, length: i32, count: i32, y: usize, spare: usize): void {
  for (; length > 0; length -= sumBlock) {
    const terms = min(length, sumBlock);
    const whole = terms & -8;
    const rest = <usize>whole << 2;
    for (let row = 0; row < count; ) {
      const from = matrix + step * row;
      const rows = row + 3 <= count ? 3 : 1;
      if (rows == 3) sumThreeRows(x, from, step, whole, spare);
      else sumRow(x, from, whole, spare);
      for (let i = 0; i < rows; i++, row++) {
        const to = y + (<usize>row << 2);
        store<f32>(to, load<f32>(to) + (sumOfLanes(spare + (<usize>i << 4)) + sumFewTerms(x + rest, from + step * i + rest, terms & 7)));
      }
    }
    x += sumBlock << 2;
    matrix += sumBlock << 2;
  }
}

/** The sums of three rows, four lanes of each. More rows do not fit in registers: engines load all that is needed before they compute. */
function sumThreeRows(x: usize, row0: usize, step: usize, terms: i32, to: usize): void {
  let row1 = row0 + step;
  let row2 = row1 + step;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0;
  let t0 = s0, t1 = s0, t2 = s0;
  for (const end = x + (<usize>terms << 2); x < end; x += 32) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    s0 = multiplyAdd(low, v128.load(row0), s0);
    t0 = multiplyAdd(high, v128.load(row0, 16), t0);
    s1 = multiplyAdd(low, v128.load(row1), s1);
    t1 = multiplyAdd(high, v128.load(row1, 16), t1);
    s2 = multiplyAdd(low, v128.load(row2), s2);
    t2 = multiplyAdd(high, v128.load(row2, 16), t2);
    row0 += 32;
    row1 += 32;
    row2 += 32;
  }
  v128.store(to, f32x4.add(s0, t0));
  v128.store(to, f32x4.add(s1, t1), 16);
  v128.store(to, f32x4.add(s2, t2), 32);
}

function sumRow(x: usize, row: usize, terms: i32, to: usize): void {
  let s = f32x4.splat(0), t = s;
  for (const end = x + (<usize>terms << 2); x < end; x += 32) {
    s = multiplyAdd(v128.load(x), v128.load(row), s);
    t = multiplyAdd(v128.load(x, 16), v128.load(row, 16), t);
    row += 32;
  }
  v128.store(to, f32x4.add(s, t));
}

// @ts-ignore: decorator
@inline
function sumOfLanes(at: usize): f32 {
  return load<f32>(at) + load<f32>(at, 4) + (load<f32>(at, 8) + load<f32>(at, 12));
}

function sumFewTerms(x: usize, row: usize, terms: i32): f32 {
  let sum: f32 = 0;
  for (; terms > 0; terms--) {
    sum += load<f32>(x) * load<f32>(row);
    x += 4;
    row += 4;
  }
  return sum;
}
