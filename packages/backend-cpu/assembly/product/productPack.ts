// Operands copied into panels, where their own layout is too slow or ends too early.
import { narrowColumns } from './productTile';

/** Rows of `columns` contiguous elements, `fromStep` bytes apart, to rows of `toStep` bytes, with zeros behind the columns. */
export function packRows(from: usize, fromStep: usize, columns: i32, rows: i32, to: usize, toStep: usize): void {
  const bytes = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
    for (; at < toStep; at += 4) store<f32>(to + at, 0);
    from += fromStep;
    to += toStep;
  }
}

/** As `packRows`, but columns are `fromStep` bytes apart and rows contiguous: transposed on the way. */
export function packTransposed(from: usize, fromStep: usize, columns: i32, rows: i32, to: usize, toStep: usize): void {
  const padded = <i32>(toStep >> 2);
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    packFourColumns(from, fromStep, rows, to, toStep);
    from += fromStep << 2;
    to += 16;
  }
  for (; column < columns; column++) {
    for (let row = 0; row < rows; row++) store<f32>(to + toStep * row, load<f32>(from + (<usize>row << 2)));
    from += fromStep;
    to += 4;
  }
  for (; column < padded; column++) {
    for (let row = 0; row < rows; row++) store<f32>(to + toStep * row, 0);
    to += 4;
  }
}

/** Four columns, `fromStep` bytes apart, to `rows` rows of four elements. */
// @ts-ignore: decorator
@inline
export function packFourColumns(from: usize, fromStep: usize, rows: i32, to: usize, toStep: usize): void {
  let at0 = from;
  let at1 = at0 + fromStep;
  let at2 = at1 + fromStep;
  let at3 = at2 + fromStep;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const v0 = v128.load(at0);
    const v1 = v128.load(at1);
    const v2 = v128.load(at2);
    const v3 = v128.load(at3);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store((to += toStep), v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store((to += toStep), v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store((to += toStep), v128.shuffle<f64>(high01, high23, 1, 3));
    to += toStep;
    at0 += 16;
    at1 += 16;
    at2 += 16;
    at3 += 16;
  }
  for (; row < rows; row++) {
    store<f32>(to, load<f32>(at0));
    store<f32>(to, load<f32>(at1), 4);
    store<f32>(to, load<f32>(at2), 8);
    store<f32>(to, load<f32>(at3), 12);
    to += toStep;
    at0 += 4;
    at1 += 4;
    at2 += 4;
    at3 += 4;
  }
}
