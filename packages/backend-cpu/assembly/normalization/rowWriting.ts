// The last pass of `normalize` over a row of neighbours with the same statistics, and of its gradient.
import { perColumn, storeFirst } from '../lanes';
import { multiplyAdd } from '../product/productTile';

/** y = (x − mean) · factor · gamma + beta; the steps of gamma and beta are 1, or 0 for one value. */
export function writeNormalizedRow(
  x: usize,
  y: usize,
  count: i32,
  gamma: usize,
  gammaStep: usize,
  beta: usize,
  betaStep: usize,
  mean: f64,
  factor: f32,
): void {
  const center = <f32>mean;
  const centers = f32x4.splat(center);
  const factors = f32x4.splat(factor);
  // The digits of the mean that the center does not hold.
  const rest = f32x4.splat(<f32>(-(mean - <f64>center) * <f64>factor));
  let column = 0;
  if (gammaStep == 1 && betaStep == 1) {
    for (; column + 8 <= count; column += 8) {
      const at = <usize>column << 2;
      const a = multiplyAdd(f32x4.sub(v128.load(x + at), centers), factors, rest);
      const b = multiplyAdd(f32x4.sub(v128.load(x + at, 16), centers), factors, rest);
      v128.store(y + at, multiplyAdd(a, v128.load(gamma + at), v128.load(beta + at)));
      v128.store(y + at, multiplyAdd(b, v128.load(gamma + at, 16), v128.load(beta + at, 16)), 16);
    }
  }
  for (; column < count; column += 4) {
    const at = <usize>column << 2;
    const a = multiplyAdd(f32x4.sub(v128.load(x + at), centers), factors, rest);
    storeFirst(y + at, multiplyAdd(a, perColumn(gamma, gammaStep, at), perColumn(beta, betaStep, at)), count - column);
  }
}

/** dx = r dy γ + (x − center) · slope + shift from column `done` on; gamma's step is 1, or 0 for one value. */
// Part of the caller: with a call behind its loop the engine of Node 20 keeps less of that in registers.
// @ts-ignore: decorator
@inline
export function writeGradientRow(
  x: usize,
  gamma: usize,
  gammaStep: usize,
  dy: usize,
  dx: usize,
  done: i32,
  count: i32,
  center: f32,
  factor: f32,
  slope: f32,
  shift: f32,
): void {
  for (; done < count; done += 4) {
    const at = <usize>done << 2;
    const rest = multiplyAdd(f32x4.sub(v128.load(x + at), f32x4.splat(center)), f32x4.splat(slope), f32x4.splat(shift));
    const scaled = f32x4.mul(v128.load(dy + at), perColumn(gamma, gammaStep, at));
    storeFirst(dx + at, multiplyAdd(scaled, f32x4.splat(factor), rest), count - done);
  }
}
