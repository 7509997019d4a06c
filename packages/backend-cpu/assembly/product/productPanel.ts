// A panel of the result: all rows of a block times 8 or 16 columns, tile by tile.
import { multiplyTile, narrowColumns, tileRows, wideColumns } from './productTile';

/**
 * c = a · b + start, or c += a · b + start, for a panel of `columns` columns.
 * @param byRows how `a` is laid out, as in `multiplyTile`
 * @param above how many rows of `a` lie before the first; they may be read
 * @param b all columns of a tile, zeros or other numbers beyond `columns`
 * @param c the first element, with rows `cStep` bytes apart; or, where `pointers` is not 0, `at` bytes behind these pointers, one a row
 * @param start values for all columns of a tile, where its sums begin
 * @param spare room for a tile
 */
export function multiplyPanel(
  byRows: bool,
  wide: bool,
  a: usize,
  aStep: usize,
  rows: i32,
  above: i32,
  b: usize,
  bStep: usize,
  c: usize,
  cStep: usize,
  pointers: usize,
  at: usize,
  columns: i32,
  start: usize,
  k: i32,
  accumulate: bool,
  spare: usize,
): void {
  const width = wide ? wideColumns : narrowColumns;
  const whole = columns == width && !accumulate && pointers == 0;
  const spareStep = <usize>width << 2;
  const rowStep: usize = byRows ? aStep : 4;
  for (let row = 0; row < rows; ) {
    const left = rows - row;
    const height = heightFor(left);
    const from = a + rowStep * row;
    if (whole && height <= left) {
      multiplyTile(byRows, wide, height, from, aStep, b, bStep, c + cStep * row, cStep, start, k);
      row += height;
      continue;
    }
    let fresh = min(height, left);
    let surplus = height - fresh;
    if (surplus <= above + row) {
      // A tile that is too high begins earlier,
      multiplyTile(byRows, wide, height, from - rowStep * surplus, aStep, b, bStep, spare, spareStep, start, k);
    } else {
      // or, where nothing is before it, takes one row as often as it has rows. Columns of a copy go on behind the last row.
      multiplyTile(byRows, wide, height, from, byRows ? 0 : aStep, b, bStep, spare, spareStep, start, k);
      if (byRows) fresh = 1;
      surplus = 0;
    }
    for (let end = row + fresh; row < end; row++, surplus++) {
      mergeRow(spare + spareStep * surplus, rowOf(c, cStep, pointers, at, row), columns, accumulate);
    }
  }
}

/** Takes what is positive, and NaN, in the columns of a panel that is complete. */
export function rectifyPanel(c: usize, cStep: usize, pointers: usize, at: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const to = rowOf(c, cStep, pointers, at, row);
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const value = v128.load(to + i);
      // Not max: it costs more, and this passes NaN on as well.
      v128.store(to + i, v128.andnot(value, f32x4.le(value, f32x4.splat(0))));
    }
    for (; i < bytes; i += 4) {
      if (load<f32>(to + i) <= 0) store<f32>(to + i, 0);
    }
  }
}

/** Rows of the next tile, so that few rows are computed in vain: 7 = 4 + 3, not 6 + 1. */
// @ts-ignore: decorator
@inline
function heightFor(left: i32): i32 {
  if (left == tileRows || left >= tileRows + 3) return tileRows;
  return left > 4 ? (left + 1) >> 1 : max(3, left);
}

// @ts-ignore: decorator
@inline
function rowOf(c: usize, cStep: usize, pointers: usize, at: usize, row: i32): usize {
  return pointers == 0 ? c + cStep * row : load<usize>(pointers + (<usize>row << 2)) + at;
}

function mergeRow(from: usize, to: usize, columns: i32, accumulate: bool): void {
  const bytes = <usize>columns << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(from + i);
    v128.store(to + i, accumulate ? f32x4.add(v128.load(to + i), value) : value);
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(from + i);
    store<f32>(to + i, accumulate ? load<f32>(to + i) + value : value);
  }
}
