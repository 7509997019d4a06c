// The innermost loops of matrix products: a tile of the result stays in registers while k runs.
//
// Sizes are what engines keep in the 16 vector registers of x86: 6 × 8 with fused multiply-add, 5 × 8 without (it needs one more
// register). Wide tiles have 16 columns in pairs of neighbouring vectors, for engines that join such pairs to 256 bit.
// Every element is the sum over k in order, whichever tile computes it: results do not depend on how work is split.

/** Rows of a full tile. There are tiles of 4 and of 3 rows beside it, for the last rows. */
export const tileRows: i32 = isDefined(RELAXED) ? 6 : 5;
export const narrowColumns: i32 = 8;
export const wideColumns: i32 = 16;

/**
 * c = a · b + start for a tile.
 * @param byRows rows of `a` are `aStep` bytes apart and contiguous in k; else rows are contiguous and steps of k are `aStep` bytes apart
 * @param height `tileRows`, 4 or 3
 * @param bStep bytes from one row of b, of 8 or 16 contiguous columns, to the next
 * @param start one value for each column, where its sums begin
 */
export function multiplyTile(
  byRows: bool,
  wide: bool,
  height: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cStep: usize,
  start: usize,
  k: i32,
): void {
  // Engines that join pairs have relaxed SIMD, so the other variant does without wide tiles.
  if (isDefined(RELAXED) && wide) {
    if (byRows) {
      if (height == tileRows) tile(tileRows, true, true, a, aStep, b, bStep, c, cStep, start, k);
      else if (height == 4) tile(4, true, true, a, aStep, b, bStep, c, cStep, start, k);
      else tile(3, true, true, a, aStep, b, bStep, c, cStep, start, k);
    } else {
      if (height == tileRows) tile(tileRows, true, false, a, aStep, b, bStep, c, cStep, start, k);
      else if (height == 4) tile(4, true, false, a, aStep, b, bStep, c, cStep, start, k);
      else tile(3, true, false, a, aStep, b, bStep, c, cStep, start, k);
    }
  } else {
    if (byRows) {
      if (height == tileRows) tile(tileRows, false, true, a, aStep, b, bStep, c, cStep, start, k);
      else if (height == 4) tile(4, false, true, a, aStep, b, bStep, c, cStep, start, k);
      else tile(3, false, true, a, aStep, b, bStep, c, cStep, start, k);
    } else {
      if (height == tileRows) tile(tileRows, false, false, a, aStep, b, bStep, c, cStep, start, k);
      else if (height == 4) tile(4, false, false, a, aStep, b, bStep, c, cStep, start, k);
      else tile(3, false, false, a, aStep, b, bStep, c, cStep, start, k);
    }
  }
}

/** a · b + c; one rounding instead of two where the engine has it. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

// All callers give constants for `height`, `wide` and `byRows`, so that only the code for them remains. Nothing but stores may
// follow the loop: with branches behind it, the engine of Node 20 moves the arithmetic and runs out of registers.
// @ts-ignore: decorator
@inline
function tile(
  height: i32,
  wide: bool,
  byRows: bool,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cStep: usize,
  start: usize,
  k: i32,
): void {
  let c00 = v128.load(start), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
  let c01 = v128.load(start, 16), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
  let c02 = wide ? v128.load(start, 32) : c00, c12 = c02, c22 = c02, c32 = c02, c42 = c02, c52 = c02;
  let c03 = wide ? v128.load(start, 48) : c00, c13 = c03, c23 = c03, c33 = c03, c43 = c03, c53 = c03;
  let a1 = a + aStep;
  let a2 = a1 + aStep;
  let a3 = a2 + aStep;
  let a4 = a3 + aStep;
  let a5 = a4 + aStep;
  const end = b + <usize>k * bStep;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = wide ? v128.load(b, 32) : b0;
    const b3 = wide ? v128.load(b, 48) : b0;
    const x0 = v128.load32_splat(a);
    c00 = multiplyAdd(x0, b0, c00);
    c01 = multiplyAdd(x0, b1, c01);
    if (wide) {
      c02 = multiplyAdd(x0, b2, c02);
      c03 = multiplyAdd(x0, b3, c03);
    }
    const x1 = byRows ? v128.load32_splat(a1) : v128.load32_splat(a, 4);
    c10 = multiplyAdd(x1, b0, c10);
    c11 = multiplyAdd(x1, b1, c11);
    if (wide) {
      c12 = multiplyAdd(x1, b2, c12);
      c13 = multiplyAdd(x1, b3, c13);
    }
    const x2 = byRows ? v128.load32_splat(a2) : v128.load32_splat(a, 8);
    c20 = multiplyAdd(x2, b0, c20);
    c21 = multiplyAdd(x2, b1, c21);
    if (wide) {
      c22 = multiplyAdd(x2, b2, c22);
      c23 = multiplyAdd(x2, b3, c23);
    }
    if (height > 3) {
      const x3 = byRows ? v128.load32_splat(a3) : v128.load32_splat(a, 12);
      c30 = multiplyAdd(x3, b0, c30);
      c31 = multiplyAdd(x3, b1, c31);
      if (wide) {
        c32 = multiplyAdd(x3, b2, c32);
        c33 = multiplyAdd(x3, b3, c33);
      }
    }
    if (height > 4) {
      const x4 = byRows ? v128.load32_splat(a4) : v128.load32_splat(a, 16);
      c40 = multiplyAdd(x4, b0, c40);
      c41 = multiplyAdd(x4, b1, c41);
      if (wide) {
        c42 = multiplyAdd(x4, b2, c42);
        c43 = multiplyAdd(x4, b3, c43);
      }
    }
    if (height > 5) {
      const x5 = byRows ? v128.load32_splat(a5) : v128.load32_splat(a, 20);
      c50 = multiplyAdd(x5, b0, c50);
      c51 = multiplyAdd(x5, b1, c51);
      if (wide) {
        c52 = multiplyAdd(x5, b2, c52);
        c53 = multiplyAdd(x5, b3, c53);
      }
    }
    b += bStep;
    if (byRows) {
      a += 4;
      a1 += 4;
      a2 += 4;
      if (height > 3) a3 += 4;
      if (height > 4) a4 += 4;
      if (height > 5) a5 += 4;
    } else {
      a += aStep;
    }
  }
  storeRow(c, wide, c00, c01, c02, c03);
  storeRow((c += cStep), wide, c10, c11, c12, c13);
  storeRow((c += cStep), wide, c20, c21, c22, c23);
  if (height > 3) storeRow((c += cStep), wide, c30, c31, c32, c33);
  if (height > 4) storeRow((c += cStep), wide, c40, c41, c42, c43);
  if (height > 5) storeRow((c += cStep), wide, c50, c51, c52, c53);
}

// @ts-ignore: decorator
@inline
function storeRow(c: usize, wide: bool, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(c, v0);
  v128.store(c, v1, 16);
  if (wide) {
    v128.store(c, v2, 32);
    v128.store(c, v3, 48);
  }
}
