// What all forms of `normalize` share: its statistics, and how elements lose their mean.

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

/** Four elements without their mean, which is subtracted in two steps: one f32 does not hold its digits. */
// @ts-ignore: decorator
@inline
export function centered(x: usize, center: v128, correction: v128): v128 {
  return f32x4.sub(f32x4.sub(v128.load(x), center), correction);
}
