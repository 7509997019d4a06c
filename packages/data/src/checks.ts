// Checks of values. A NaN found in the data has a row and a column; found in the loss it has neither.
import type { NdArray } from '@nn/core';
import { DataError, ShapeError, specText } from '@nn/core';
import { unravel } from './unravel.ts';

/**
 * @param name of the array in the message: `x`
 * @param firstRow the number of row 0, for rows out of a larger array
 * @throws DataError naming the first NaN or infinity and its indices.
 */
export function checkFinite(array: NdArray, name = 'x', firstRow = 0): void {
  if (array.dtype !== 'f32') return;
  const at = firstNonFinite(array.data);
  if (at < 0) return;
  const [row, ...within] = unravel(at, array.shape);
  const column = within.length === 0 ? '' : `, ${within.length === 1 ? 'column' : 'position'} ${within.join(', ')}`;
  const value = array.data[at]!;
  throw new DataError(
    `${name} holds ${value}${row === undefined ? '' : ` in row ${firstRow + row}${column}`}. Every number must be finite: leave such rows out or fill the gaps. ` +
      (Number.isNaN(value) ? 'A missing or unreadable entry often becomes NaN.' : 'A division by zero often gives an infinity.'),
  );
}

/** Returns `weights`. @throws DataError naming the first that is negative or not finite; ShapeError unless they are f32 [rows] */
export function checkWeights(weights: NdArray, name = 'weights'): NdArray {
  if (weights.dtype !== 'f32' || weights.shape.length !== 1) {
    throw new ShapeError(`${name} is ${specText(weights)}; one number per row is needed, f32 [rows].`);
  }
  const at = weights.data.findIndex((value) => !(value >= 0 && value < Infinity));
  if (at < 0) return weights;
  throw new DataError(`${name} holds ${weights.data[at]!} for row ${at}; a weight is a finite number of at least 0.`);
}

/**
 * @param name of the array in the message: `y`
 * @throws DataError naming the first number outside of [smallest, largest] and its indices. NaN is in no order and passes.
 */
export function checkRange(array: NdArray, [smallest, largest]: readonly [number, number], name = 'y'): void {
  const { data, shape } = array;
  for (let i = 0; i < data.length; i++) {
    if (!(data[i]! < smallest || data[i]! > largest)) continue;
    const at = unravel(i, shape);
    throw new DataError(
      `${name}${at.length === 0 ? '' : ` at [${at.join(', ')}]`} is ${data[i]!}, but numbers from ${smallest} to ${largest} are needed.`,
    );
  }
}

function firstNonFinite(data: ArrayLike<number>): number {
  for (let i = 0; i < data.length; i++) {
    // NaN and the infinities are the values that do not cancel against themselves.
    if (data[i]! - data[i]! !== 0) return i;
  }
  return -1;
}
