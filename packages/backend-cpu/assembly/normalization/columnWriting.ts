// The last pass of `normalize` over columns and of its gradient: each element is what is known of its column times what it is.
import { scales, shifts, upstreamScales } from './columnParts';
import { storeFirst } from '../lanes';
import { multiplyAdd } from '../product/productTile';

/**
 * y = (x − center) · scale + shift, of up to a chunk of columns.
 * @param strip rows of which a pair of vectors is written before the next pair
 */
export function writeNormalized(x: usize, y: usize, step: usize, rows: i32, strip: i32, factors: usize, count: i32): void {
  writeRows(x, 0, y, step, rows, strip, factors, count, false);
}

/** dx = (x − center) · scale + shift + dy · upstream scale. */
export function writeGradient(x: usize, dy: usize, dx: usize, step: usize, rows: i32, strip: i32, factors: usize, count: i32): void {
  writeRows(x, dy, dx, step, rows, strip, factors, count, true);
}

// `isGradient` is a constant, so that only the code for one of the two remains.
// @ts-ignore: decorator
@inline
function writeRows(x: usize, dy: usize, to: usize, step: usize, rows: i32, strip: i32, factors: usize, count: i32, isGradient: bool): void {
  const end = <usize>(count & -8) << 2;
  let row = 0;
  while (row + 2 <= rows) {
    const last = min(row + strip, rows & -2);
    for (let at: usize = 0; at < end; at += 32) {
      const center0 = v128.load(factors + at);
      const center1 = v128.load(factors + at, 16);
      const scale0 = v128.load(factors + at, scales);
      const scale1 = v128.load(factors + at, scales + 16);
      const shift0 = v128.load(factors + at, shifts);
      const shift1 = v128.load(factors + at, shifts + 16);
      const upstream0 = isGradient ? v128.load(factors + at, upstreamScales) : scale0;
      const upstream1 = isGradient ? v128.load(factors + at, upstreamScales + 16) : scale1;
      let offset = at;
      for (let line = row; line < last; line += 2) {
        let a0 = multiplyAdd(f32x4.sub(v128.load(x + offset), center0), scale0, shift0);
        let a1 = multiplyAdd(f32x4.sub(v128.load(x + offset, 16), center1), scale1, shift1);
        let b0 = multiplyAdd(f32x4.sub(v128.load(x + offset + step), center0), scale0, shift0);
        let b1 = multiplyAdd(f32x4.sub(v128.load(x + offset + step, 16), center1), scale1, shift1);
        if (isGradient) {
          a0 = multiplyAdd(v128.load(dy + offset), upstream0, a0);
          a1 = multiplyAdd(v128.load(dy + offset, 16), upstream1, a1);
          b0 = multiplyAdd(v128.load(dy + offset + step), upstream0, b0);
          b1 = multiplyAdd(v128.load(dy + offset + step, 16), upstream1, b1);
        }
        v128.store(to + offset, a0);
        v128.store(to + offset, a1, 16);
        v128.store(to + offset + step, b0);
        v128.store(to + offset + step, b1, 16);
        offset += 2 * step;
      }
    }
    for (; row < last; row++) {
      if (end != <usize>count << 2) writeColumns(x, dy, to, factors, count & -8, count, isGradient);
      x += step;
      dy += step;
      to += step;
    }
  }
  for (; row < rows; row++) {
    writeColumns(x, dy, to, factors, 0, count, isGradient);
    x += step;
    dy += step;
    to += step;
  }
}

// @ts-ignore: decorator
@inline
function writeColumns(x: usize, dy: usize, to: usize, factors: usize, column: i32, count: i32, isGradient: bool): void {
  if (isGradient) writeGradientColumns(x, dy, to, factors, column, count);
  else writeNormalizedColumns(x, to, factors, column, count);
}

function writeNormalizedColumns(x: usize, y: usize, factors: usize, column: i32, count: i32): void {
  writeVectors(x, 0, y, factors, column, count, false);
}

function writeGradientColumns(x: usize, dy: usize, dx: usize, factors: usize, column: i32, count: i32): void {
  writeVectors(x, dy, dx, factors, column, count, true);
}

/** The columns of a row from `column` on, of which the last ones may not fill a vector. */
// @ts-ignore: decorator
@inline
function writeVectors(x: usize, dy: usize, to: usize, factors: usize, column: i32, count: i32, isGradient: bool): void {
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const scale = v128.load(factors + at, scales);
    let value = multiplyAdd(f32x4.sub(v128.load(x + at), v128.load(factors + at)), scale, v128.load(factors + at, shifts));
    if (isGradient) value = multiplyAdd(v128.load(dy + at), v128.load(factors + at, upstreamScales), value);
    storeFirst(to + at, value, count - column);
  }
}
