// Nests of loops in which several operands take part, each with strides of its own: how any shape and any stretching is walked.
//
// A nest in memory: rank, then the extent of each axis, then for each operand its distance in elements between neighbours along each
// axis. Axes of extent 1 are left out and axes that all operands step through as one are joined, so most nests have one or two.

// @ts-ignore: decorator
@inline
export function rankOf(nest: usize): i32 {
  return load<i32>(nest);
}

/** Extent of an axis; 1 for axes before the first. */
// @ts-ignore: decorator
@inline
export function extentOf(nest: usize, axis: i32): i32 {
  return axis < 0 ? 1 : load<i32>(nest + (<usize>axis << 2), 4);
}

/** Distance of an operand's neighbours along an axis; 0 for axes before the first. */
// @ts-ignore: decorator
@inline
export function strideOf(nest: usize, operand: i32, axis: i32): i32 {
  return axis < 0 ? 0 : load<i32>(nest + (<usize>(rankOf(nest) * (1 + operand) + axis) << 2), 4);
}

/** The address behind a nest of so many operands. */
// @ts-ignore: decorator
@inline
export function nestEnd(nest: usize, operands: i32): usize {
  return nest + (<usize>(1 + (1 + operands) * rankOf(nest)) << 2);
}

/** Number of rows: of positions along all axes but the last. */
export function rowCount(nest: usize): i32 {
  let rows = 1;
  for (let axis = rankOf(nest) - 2; axis >= 0; axis--) rows *= extentOf(nest, axis);
  return rows;
}

/** Where a row of an operand begins, in elements. */
export function rowStart(nest: usize, operand: i32, row: i32): i32 {
  let start = 0;
  for (let axis = rankOf(nest) - 2; axis >= 0; axis--) {
    const extent = extentOf(nest, axis);
    start += (row % extent) * strideOf(nest, operand, axis);
    row /= extent;
  }
  return start;
}
