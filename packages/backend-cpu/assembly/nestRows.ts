// Pairs of nests over the axes of one array: those that are kept, one position after the other, and those that are walked at each of
// them, row by row.
import { extentOf, nestEnd, rankOf, rowCount, rowStart, strideOf } from './loops';

/** Results of `takeNests`: the two nests, rows to walk, elements of a row. */
export let keptNest: usize = 0;
export let walkedNest: usize = 0;
export let walkedRows: i32 = 0;
export let walkedLength: i32 = 0;

/** Reads two nests, one behind the other, of so many operands each. */
export function takeNests(nests: usize, operands: i32): void {
  keptNest = nests;
  walkedNest = nestEnd(nests, operands);
  walkedRows = rowCount(walkedNest);
  walkedLength = extentOf(walkedNest, rankOf(walkedNest) - 1);
}

/** Bytes from the beginning of an operand to a row at a position of the axes that are kept. */
export function bytesToRow(operand: i32, position: i32, row: i32): usize {
  const inner = rankOf(keptNest) - 1;
  const extent = extentOf(keptNest, inner);
  const start = rowStart(keptNest, operand, position / extent) + (position % extent) * strideOf(keptNest, operand, inner);
  return <usize>(start + rowStart(walkedNest, operand, row)) << 2;
}

/** Elements from one to the next in a row. */
export function walkedStep(operand: i32): i32 {
  return strideOf(walkedNest, operand, rankOf(walkedNest) - 1);
}

// @ts-ignore: decorator
@inline
export function elementAt(row: usize, element: i32, step: i32): f64 {
  return <f64>load<f32>(row + (<usize>(element * step) << 2));
}

// @ts-ignore: decorator
@inline
export function storeElement(row: usize, element: i32, step: i32, value: f64): void {
  store<f32>(row + (<usize>(element * step) << 2), <f32>value);
}
