// First and second moments of columns: a block of rows is read twice, while it is in the cache. Neighbouring vectors go in pairs, which
// engines can join.
import { normalizeChunk } from '../../src/wasm/kernels/normalizeLayout';
import { multiplyAdd } from '../product/productTile';
import { finiteOrZero } from './statistics';
import { lowerDoubles, upperDoubles } from '../sums';

/** Rows that are added up in f32 before they join the others in float64. */
export const rowBlock: i32 = 32;


// Scratch memory: float64 sums per column, twice, then the f32 sums of a block of rows, twice, and their centres.
export const secondMoments: usize = <usize>normalizeChunk * 8;
export const firstPartials: usize = 2 * secondMoments;
export const secondPartials: usize = firstPartials + <usize>normalizeChunk * 4;
export const partialBytes: usize = <usize>normalizeChunk * 8;
const partialCenters: usize = firstPartials + partialBytes;
export const origins: usize = partialCenters + <usize>normalizeChunk * 4;
/** What `addColumnMoments` and `addColumnProducts` take. */
export const momentBytes: usize = origins + <usize>normalizeChunk * 4;

/**
 * Per column, Σ (x − origin) at `block` and Σ (x − origin)² at `block + secondMoments`, in float64, and the origin, which is near its
 * elements, at `block + origins`, in f32. Whole vectors are read at the end.
 * @param strip rows of which a pair of vectors is added up before the next pair
 */
export function addColumnMoments(x: usize, step: usize, rows: i32, strip: i32, block: usize, count: i32): void {
  const centers = block + origins;
  memory.fill(block, 0, firstPartials);
  for (let row = 0; row < rows; row += rowBlock, x += <usize>rowBlock * step) {
    const height = min(rowBlock, rows - row);
    findCenters(x, step, height, block, count);
    if (row == 0) memory.copy(centers, block + partialCenters, <usize>((count + 3) & -4) << 2);
    memory.fill(block + firstPartials, 0, partialBytes);
    addPartialMoments(x, step, height, strip, block, count);
    for (let at: usize = 0; at < <usize>count << 2; at += 16) moveMoments(block + at, block + 2 * at, v128.load(centers + at), height);
  }
}

/** The means of a block of rows, roughly, and 0 where they are not finite: what is infinite shows in the sums then, too. */
function findCenters(x: usize, step: usize, rows: i32, block: usize, count: i32): void {
  const end = <usize>count << 2;
  // Terms are made small first: their sum must not overflow.
  const share = f32x4.splat(1 / <f32>rows);
  memory.fill(block + partialCenters, 0, <usize>normalizeChunk << 2);
  const pairs = end & ~31;
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += step << 2) {
    let at: usize = 0;
    for (; at < pairs; at += 32) {
      const to = block + at;
      let from = x + at;
      let sum0 = multiplyAdd(v128.load(from), share, v128.load(to, partialCenters));
      let sum1 = multiplyAdd(v128.load(from, 16), share, v128.load(to, partialCenters + 16));
      from += step;
      let other0 = f32x4.mul(v128.load(from), share);
      let other1 = f32x4.mul(v128.load(from, 16), share);
      from += step;
      sum0 = multiplyAdd(v128.load(from), share, sum0);
      sum1 = multiplyAdd(v128.load(from, 16), share, sum1);
      from += step;
      other0 = multiplyAdd(v128.load(from), share, other0);
      other1 = multiplyAdd(v128.load(from, 16), share, other1);
      sum0 = f32x4.add(sum0, other0);
      sum1 = f32x4.add(sum1, other1);
      v128.store(to, sum0, partialCenters);
      v128.store(to, sum1, partialCenters + 16);
    }
    for (; at < end; at += 16) for (let line: usize = 0; line < 4; line++) addToCenter(x + at + step * line, share, block + at);
  }
  for (; row < rows; row++, x += step) for (let at: usize = 0; at < end; at += 16) addToCenter(x + at, share, block + at);
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(block + at, finiteOrZero(v128.load(block + at, partialCenters)), partialCenters);
  }
}

// @ts-ignore: decorator
@inline
function addToCenter(x: usize, share: v128, to: usize): void {
  v128.store(to, multiplyAdd(v128.load(x), share, v128.load(to, partialCenters)), partialCenters);
}

function addPartialMoments(x: usize, step: usize, rows: i32, strip: i32, block: usize, count: i32): void {
  const end = <usize>count << 2;
  const pairs = end & ~31;
  let row = 0;
  while (row + 2 <= rows) {
    const last = min(row + strip, rows & -2);
    for (let at: usize = 0; at < pairs; at += 32) {
      const to = block + at;
      const center0 = v128.load(to, partialCenters);
      const center1 = v128.load(to, partialCenters + 16);
      let sum0 = v128.load(to, firstPartials);
      let sum1 = v128.load(to, firstPartials + 16);
      let square0 = v128.load(to, secondPartials);
      let square1 = v128.load(to, secondPartials + 16);
      let other0 = f32x4.splat(0);
      let other1 = other0;
      let from = x + at;
      for (let line = row; line < last; line += 2) {
        const a0 = f32x4.sub(v128.load(from), center0);
        const a1 = f32x4.sub(v128.load(from, 16), center1);
        from += step;
        const b0 = f32x4.sub(v128.load(from), center0);
        const b1 = f32x4.sub(v128.load(from, 16), center1);
        from += step;
        sum0 = f32x4.add(sum0, f32x4.add(a0, b0));
        sum1 = f32x4.add(sum1, f32x4.add(a1, b1));
        square0 = multiplyAdd(a0, a0, square0);
        square1 = multiplyAdd(a1, a1, square1);
        other0 = multiplyAdd(b0, b0, other0);
        other1 = multiplyAdd(b1, b1, other1);
      }
      square0 = f32x4.add(square0, other0);
      square1 = f32x4.add(square1, other1);
      v128.store(to, sum0, firstPartials);
      v128.store(to, sum1, firstPartials + 16);
      v128.store(to, square0, secondPartials);
      v128.store(to, square1, secondPartials + 16);
    }
    for (; row < last; row++, x += step) for (let at = pairs; at < end; at += 16) addMoment(x + at, block + at);
  }
  for (; row < rows; row++, x += step) for (let at: usize = 0; at < end; at += 16) addMoment(x + at, block + at);
}

// @ts-ignore: decorator
@inline
function addMoment(x: usize, to: usize): void {
  const value = f32x4.sub(v128.load(x), v128.load(to, partialCenters));
  v128.store(to, f32x4.add(v128.load(to, firstPartials), value), firstPartials);
  v128.store(to, multiplyAdd(value, value, v128.load(to, secondPartials)), secondPartials);
}

/** Adds the moments of four columns around their own centre to those around `center`, in float64. */
function moveMoments(partial: usize, sums: usize, center: v128, rows: i32): void {
  const own = v128.load(partial, partialCenters);
  const sum = v128.load(partial, firstPartials);
  const square = v128.load(partial, secondPartials);
  moveTwo(sums, f64x2.sub(lowerDoubles(own), lowerDoubles(center)), lowerDoubles(sum), lowerDoubles(square), rows);
  moveTwo(sums + 16, f64x2.sub(upperDoubles(own), upperDoubles(center)), upperDoubles(sum), upperDoubles(square), rows);
}

/** With d the way between the centres: Σ (x + d) = Σ x + n d, Σ (x + d)² = Σ x² + d (2 Σ x + n d). */
// @ts-ignore: decorator
@inline
function moveTwo(sums: usize, way: v128, sum: v128, square: v128, rows: i32): void {
  const moved = f64x2.mul(way, f64x2.splat(<f64>rows));
  const first = f64x2.add(sum, moved);
  v128.store(sums, f64x2.add(v128.load(sums), first));
  const second = f64x2.add(square, f64x2.mul(way, f64x2.add(sum, first)));
  v128.store(sums, f64x2.add(v128.load(sums, secondMoments), second), secondMoments);
}
