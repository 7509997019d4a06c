// The error function in float64, which JavaScript does not have.

/** 2/√π, the derivative of erf at 0. */
export const twoOverRootPi = 1.1283791670955126;

/**
 * 2/√π ∫₀ˣ e^(−t²) dt, to a relative error of a few units in the last place. Source: Abramowitz & Stegun, Handbook of Mathematical
 * Functions, 7.1.6 (a series) and 7.1.14 (a continued fraction), each from the last term that matters to the first.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  // From 6 on erf differs from 1 by less than half a unit in the last place.
  if (magnitude >= 6) return Math.sign(x);
  const density = twoOverRootPi * Math.exp(-x * x);
  if (magnitude < 2) {
    let series = 1;
    for (let n = 40; n > 0; n--) series = 1 + (x * x * series) / (n + 0.5);
    return density * x * series;
  }
  let fraction = magnitude;
  for (let n = 60; n > 0; n--) fraction = magnitude + n / 2 / fraction;
  const tail = density / 2 / fraction;
  return x < 0 ? tail - 1 : 1 - tail;
}
