// First and second moments of columns: a block of rows is read twice, while it is in the cache.
import { multiplyAdd } from './productTile';
import { finiteOrZero } from './statistics';
import { lowerDoubles, upperDoubles } from './sums';

/** Columns that are done together, row by row: a row of a block is long enough to be fetched ahead. */
export const columnBlock: i32 = 256;
/** Rows that are added up in f32 before they join the others in float64. */
export const rowBlock: i32 = 32;

// Scratch memory: float64 sums per column, twice, then the f32 sums of a block of rows, twice, and their centres.
export const secondMoments: usize = <usize>columnBlock * 8;
export const firstPartials: usize = 2 * secondMoments;
export const secondPartials: usize = firstPartials + <usize>columnBlock * 4;
export const partialBytes: usize = <usize>columnBlock * 8;
const partialCenters: usize = firstPartials + partialBytes;
/** What `addColumnMoments` and `addColumnProducts` take. */
export const momentBytes: usize = partialCenters + <usize>columnBlock * 4;

/**
 * Per column, Σ (x − center) at `block` and Σ (x − center)² at `block + secondMoments`, in float64. Whole vectors are read at the end.
 * @param centers where the centers go, one for each column: near its elements
 */
export function addColumnMoments(x: usize, step: usize, rows: i32, block: usize, centers: usize, count: i32): void {
  memory.fill(block, 0, firstPartials);
  for (let row = 0; row < rows; row += rowBlock, x += <usize>rowBlock * step) {
    const height = min(rowBlock, rows - row);
    findCenters(x, step, height, block, count);
    if (row == 0) memory.copy(centers, block + partialCenters, <usize>((count + 3) & -4) << 2);
    memory.fill(block + firstPartials, 0, partialBytes);
    addPartialMoments(x, step, height, block, count);
    for (let at: usize = 0; at < <usize>count << 2; at += 16) moveMoments(block + at, block + 2 * at, v128.load(centers + at), height);
  }
}

/** The means of a block of rows, roughly, and 0 where they are not finite: what is infinite shows in the sums then, too. */
function findCenters(x: usize, step: usize, rows: i32, block: usize, count: i32): void {
  const end = <usize>count << 2;
  // Terms are made small first: their sum must not overflow.
  const share = f32x4.splat(1 / <f32>rows);
  memory.fill(block + partialCenters, 0, <usize>columnBlock << 2);
  let row = 0;
  for (; row + 4 <= rows; row += 4, x += step << 2) {
    for (let at: usize = 0; at < end; at += 16) {
      let from = x + at;
      const a = v128.load(from);
      const b = v128.load((from += step));
      const c = v128.load((from += step));
      const d = v128.load((from += step));
      const sum = f32x4.add(
        multiplyAdd(a, share, f32x4.mul(b, share)),
        multiplyAdd(c, share, f32x4.mul(d, share)),
      );
      v128.store(block + at, f32x4.add(v128.load(block + at, partialCenters), sum), partialCenters);
    }
  }
  for (; row < rows; row++, x += step) {
    for (let at: usize = 0; at < end; at += 16) {
      const center = multiplyAdd(v128.load(x + at), share, v128.load(block + at, partialCenters));
      v128.store(block + at, center, partialCenters);
    }
  }
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(block + at, finiteOrZero(v128.load(block + at, partialCenters)), partialCenters);
  }
}

function addPartialMoments(x: usize, step: usize, rows: i32, block: usize, count: i32): void {
  const end = <usize>count << 2;
  let row = 0;
  for (; row + 8 <= rows; row += 8, x += step << 3) {
    for (let at: usize = 0; at < end; at += 16) {
      const center = v128.load(block + at, partialCenters);
      let from = x + at;
      const a = f32x4.sub(v128.load(from), center);
      const b = f32x4.sub(v128.load((from += step)), center);
      let sum = f32x4.add(a, b);
      let square = multiplyAdd(a, a, f32x4.mul(b, b));
      const c = f32x4.sub(v128.load((from += step)), center);
      const d = f32x4.sub(v128.load((from += step)), center);
      sum = f32x4.add(sum, f32x4.add(c, d));
      square = f32x4.add(square, multiplyAdd(c, c, f32x4.mul(d, d)));
      const e = f32x4.sub(v128.load((from += step)), center);
      const f = f32x4.sub(v128.load((from += step)), center);
      sum = f32x4.add(sum, f32x4.add(e, f));
      square = f32x4.add(square, multiplyAdd(e, e, f32x4.mul(f, f)));
      const g = f32x4.sub(v128.load((from += step)), center);
      const h = f32x4.sub(v128.load((from += step)), center);
      sum = f32x4.add(sum, f32x4.add(g, h));
      square = f32x4.add(square, multiplyAdd(g, g, f32x4.mul(h, h)));
      v128.store(block + at, f32x4.add(v128.load(block + at, firstPartials), sum), firstPartials);
      v128.store(block + at, f32x4.add(v128.load(block + at, secondPartials), square), secondPartials);
    }
  }
  for (; row < rows; row++, x += step) {
    for (let at: usize = 0; at < end; at += 16) {
      const value = f32x4.sub(v128.load(x + at), v128.load(block + at, partialCenters));
      v128.store(block + at, f32x4.add(v128.load(block + at, firstPartials), value), firstPartials);
      v128.store(block + at, multiplyAdd(value, value, v128.load(block + at, secondPartials)), secondPartials);
    }
  }
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
