// Sums of f32 in float64: of neighbours, and of rows column by column. The order is fixed, so results never depend on the threads.

/** Σ of `length` neighbouring f32, in float64. */
export function sumOf(from: usize, length: i32): f64 {
  let sums0 = f64x2.splat(0);
  let sums1 = f64x2.splat(0);
  let sums2 = f64x2.splat(0);
  let sums3 = f64x2.splat(0);
  let element = 0;
  for (; element + 8 <= length; element += 8, from += 32) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    sums0 = f64x2.add(sums0, lowerDoubles(low));
    sums1 = f64x2.add(sums1, upperDoubles(low));
    sums2 = f64x2.add(sums2, lowerDoubles(high));
    sums3 = f64x2.add(sums3, upperDoubles(high));
  }
  let total = laneSum(f64x2.add(f64x2.add(sums0, sums1), f64x2.add(sums2, sums3)));
  for (; element < length; element++, from += 4) total += <f64>load<f32>(from);
  return total;
}

/** Adds rows of f32, `step` bytes apart, to the sums of `count` columns in float64. Whole vectors are read and added at the end. */
export function addRows(from: usize, step: usize, rows: i32, sums: usize, count: i32): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4, from += 4 * step) {
    for (let column = 0; column < count; column += 4) {
      const at = from + (<usize>column << 2);
      const a = v128.load(at);
      const b = v128.load(at + step);
      const c = v128.load(at + 2 * step);
      const d = v128.load(at + 3 * step);
      const sum = sums + (<usize>column << 3);
      const lower = f64x2.add(f64x2.add(lowerDoubles(a), lowerDoubles(b)), f64x2.add(lowerDoubles(c), lowerDoubles(d)));
      const upper = f64x2.add(f64x2.add(upperDoubles(a), upperDoubles(b)), f64x2.add(upperDoubles(c), upperDoubles(d)));
      v128.store(sum, f64x2.add(v128.load(sum), lower));
      v128.store(sum, f64x2.add(v128.load(sum, 16), upper), 16);
    }
  }
  for (; row < rows; row++, from += step) {
    for (let column = 0; column < count; column += 4) addToSums(sums + (<usize>column << 3), v128.load(from + (<usize>column << 2)));
  }
}

/** Adds four f32 to four neighbouring sums in float64. */
// @ts-ignore: decorator
@inline
export function addToSums(sums: usize, values: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), lowerDoubles(values)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), upperDoubles(values)), 16);
}

/** The sum of four f32 in float64, as two sums. */
// @ts-ignore: decorator
@inline
export function doubles(values: v128): v128 {
  return f64x2.add(lowerDoubles(values), upperDoubles(values));
}

// @ts-ignore: decorator
@inline
export function laneSum(values: v128): f64 {
  return f64x2.extract_lane(values, 0) + f64x2.extract_lane(values, 1);
}

// @ts-ignore: decorator
@inline
export function lowerDoubles(values: v128): v128 {
  return f64x2.promote_low_f32x4(values);
}

// @ts-ignore: decorator
@inline
export function upperDoubles(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(values, values, 2, 3, 2, 3));
}
