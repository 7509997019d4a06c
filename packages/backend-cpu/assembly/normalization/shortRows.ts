// Powers of short rows, four rows at a time: with one row in each lane, nothing has to be added up or compared across lanes.
import { storeFirst } from '../lanes';
import { expFour, logOfTwo } from '../math';
import { lowerDoubles, upperDoubles } from '../sums';

/** Rows up to this length are done so; longer ones have vectors enough of their own. */
export const shortRow: i32 = 64;

// Scratch memory: largest elements (f32), totals and their logarithms (float64) of the four rows, then one vector for each column.
const totals: usize = 16;
const logarithms: usize = 48;
const powers: usize = 128;

/** The largest element of row 0 to 3. */
// @ts-ignore: decorator
@inline
export function largestOfRow(state: usize, row: usize): f32 {
  return load<f32>(state + (row << 2));
}

/** The logarithm of the sum of e to each element of a row minus the largest. */
// @ts-ignore: decorator
@inline
export function logTotalOfRow(state: usize, row: usize): f64 {
  return load<f64>(state + (row << 3), logarithms);
}

/** Puts what belongs to a single row in the place of row 0. */
// @ts-ignore: decorator
@inline
export function storeRow(state: usize, largest: f32, logTotal: f64): void {
  store<f32>(state, largest);
  store<f64>(state, logTotal, logarithms);
}

/** Leaves in `state` what belongs to the four rows at `x`, of `count` elements each. */
export function fourRows(x: usize, count: i32, state: usize): void {
  transposeIn(x, count, state + powers);
  const end = state + powers + (<usize>count << 4);
  let largest = v128.load(state, powers);
  // A NaN that this passes over makes the total NaN.
  for (let at = state + powers + 16; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at));
  let lower = f64x2.splat(0);
  let upper = f64x2.splat(0);
  for (let at = state + powers; at < end; at += 16) {
    const power = expFour(f32x4.sub(v128.load(at), largest));
    v128.store(at, power);
    lower = f64x2.add(lower, lowerDoubles(power));
    upper = f64x2.add(upper, upperDoubles(power));
  }
  v128.store(state, largest);
  v128.store(state, lower, totals);
  v128.store(state, upper, totals + 16);
  v128.store(state, logOfTwo(lower), logarithms);
  v128.store(state, logOfTwo(upper), logarithms + 16);
}

/** Writes the powers of `fourRows`, divided by their totals, to four rows. */
export function writeShares(state: usize, to: usize, count: i32): void {
  const lower = f32x4.demote_f64x2_zero(v128.load(state, totals));
  const total = v128.shuffle<i32>(lower, f32x4.demote_f64x2_zero(v128.load(state, totals + 16)), 0, 1, 4, 5);
  const step = <usize>count << 2;
  // The last columns come first: what is written beyond the end of a row is the beginning of the next, which comes later.
  for (let column = (count - 1) & -4; column >= 0; column -= 4) {
    const from = state + powers + (<usize>column << 4);
    const v0 = f32x4.div(v128.load(from), total);
    const v1 = f32x4.div(v128.load(from, 16), total);
    const v2 = f32x4.div(v128.load(from, 32), total);
    const v3 = f32x4.div(v128.load(from, 48), total);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    let row = to + (<usize>column << 2);
    v128.store(row, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store((row += step), v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store((row += step), v128.shuffle<f64>(high01, high23, 0, 2));
    storeFirst(row + step, v128.shuffle<f64>(high01, high23, 1, 3), count - column);
  }
}

/** Columns of four rows as vectors. What is read and written behind the last one does not count. */
function transposeIn(x: usize, count: i32, to: usize): void {
  const step = <usize>count << 2;
  for (let column = 0; column < count; column += 4, x += 16, to += 64) {
    const v0 = v128.load(x);
    const v1 = v128.load(x + step);
    const v2 = v128.load(x + 2 * step);
    const v3 = v128.load(x + 3 * step);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 16);
    v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 32);
    v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 48);
  }
}
