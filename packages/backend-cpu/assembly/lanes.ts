// Vectors at the end of a row, of which only the first lanes count, and vectors of operands that may be one value.

/** The first `count` lanes of a vector, and others in place of the rest. */
// @ts-ignore: decorator
@inline
export function firstLanes(values: v128, count: i32, others: v128): v128 {
  return count >= 4 ? values : v128.bitselect(values, others, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}

/** Stores the first `count` lanes of a vector. */
// @ts-ignore: decorator
@inline
export function storeFirst(to: usize, values: v128, count: i32): void {
  if (count >= 4) v128.store(to, values);
  else storeLanes(to, values, count);
}

/** Stores one, two or three lanes. */
function storeLanes(to: usize, values: v128, count: i32): void {
  v128.store32_lane(to, values, 0);
  if (count > 1) v128.store32_lane(to, values, 1, 4);
  if (count > 2) v128.store32_lane(to, values, 2, 8);
}

/** Four elements of an operand that has one for each column, or one for all. */
// @ts-ignore: decorator
@inline
export function perColumn(from: usize, step: usize, at: usize): v128 {
  return step == 0 ? v128.load32_splat(from) : v128.load(from + at);
}
