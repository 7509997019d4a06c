// What all forms of `normalize` share: the moments of its statistics, and how elements lose their mean.
//
// Moments are added up in f32 around the mean of so few elements that no digit is lost, and then moved to one centre in float64: as exact
// as subtracting the mean of all of them first, without going over all of them once more.

/**
 * Writes the statistics at `index`; returns the reciprocal deviation.
 * @param outputs words: mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads)
 */
export function storeStatistics(outputs: usize, index: i32, mean: f64, variance: f64, epsilon: f32): f32 {
  const inside = variance + <f64>epsilon;
  // With ε = 0 a constant feature has no deviation to divide by: it becomes beta, and its gradient 0.
  const factor: f64 = inside == 0 ? 0 : 1 / sqrt(inside);
  const center = <f32>mean;
  storeAt(load<usize>(outputs), index, center);
  storeAt(load<usize>(outputs, 4), index, <f32>variance);
  storeAt(load<usize>(outputs, 8), index, center);
  // The mean has more digits than one float32 holds; the second one keeps them for the gradient.
  storeAt(load<usize>(outputs, 12), index, <f32>(mean - <f64>center));
  storeAt(load<usize>(outputs, 16), index, <f32>factor);
  return <f32>factor;
}

// @ts-ignore: decorator
@inline
function storeAt(to: usize, index: i32, value: f32): void {
  if (to != 0) store<f32>(to + (<usize>index << 2), value);
}

/** The variance from the mean of the squares around any centre and the mean from there; rounding must not make it negative. */
// @ts-ignore: decorator
@inline
export function varianceOf(meanSquare: f64, mean: f64): f64 {
  const variance = meanSquare - mean * mean;
  return variance < 0 ? 0 : variance;
}

/** The lanes that are finite, and 0 in place of the others. */
// @ts-ignore: decorator
@inline
export function finiteOrZero(values: v128): v128 {
  return v128.and(values, f32x4.lt(f32x4.abs(values), f32x4.splat(Infinity)));
}

/** The same for two float64. */
// @ts-ignore: decorator
@inline
export function finiteOrZeroDoubles(values: v128): v128 {
  return v128.and(values, f64x2.lt(f64x2.abs(values), f64x2.splat(Infinity)));
}

/** Four elements without their mean, which is subtracted in two steps: one f32 does not hold its digits. */
// @ts-ignore: decorator
@inline
export function centered(x: usize, center: v128, correction: v128): v128 {
  return f32x4.sub(f32x4.sub(v128.load(x), center), correction);
}
