// From the position of an element in memory to its indices.

/** The indices of the element at `offset` of a row-major array of that shape. */
export function unravel(offset: number, shape: readonly number[]): number[] {
  const indices = new Array<number>(shape.length);
  let rest = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices;
}
