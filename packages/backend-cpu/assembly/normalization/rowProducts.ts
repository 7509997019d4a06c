// What the gradient of `normalize` sums over a row: dy γ, and that times x without its center.
import { perColumn } from '../lanes';
import { multiplyAdd } from '../product/productTile';
import { doubles, laneSum } from '../sums';

/** Columns that are added up in f32. */
const columnBlock: i32 = 256;

/** Results of `sumRow`: Σ g and Σ g (x − center). */
export let rowSum: f64 = 0;
export let rowProducts: f64 = 0;

/** gamma's step is 1, or 0 for one value. */
export function sumRow(x: usize, dy: usize, gamma: usize, gammaStep: usize, count: i32, center: f32): void {
  const centers = f32x4.splat(center);
  let sum = f64x2.splat(0);
  let products = f64x2.splat(0);
  let column = 0;
  while (column + 8 <= count) {
    const last = min(count & -8, column + columnBlock);
    let s0 = f32x4.splat(0),
      s1 = s0,
      p0 = s0,
      p1 = s0;
    for (; column < last; column += 8) {
      const at = (<usize>column) << 2;
      const a = f32x4.mul(v128.load(dy + at), perColumn(gamma, gammaStep, at));
      const b = f32x4.mul(v128.load(dy + at, 16), perColumn(gamma, gammaStep, at + 16));
      s0 = f32x4.add(s0, a);
      s1 = f32x4.add(s1, b);
      p0 = multiplyAdd(a, f32x4.sub(v128.load(x + at), centers), p0);
      p1 = multiplyAdd(b, f32x4.sub(v128.load(x + at, 16), centers), p1);
    }
    sum = f64x2.add(sum, doubles(f32x4.add(s0, s1)));
    products = f64x2.add(products, doubles(f32x4.add(p0, p1)));
  }
  rowSum = laneSum(sum);
  rowProducts = laneSum(products);
  for (; column < count; column++) {
    const at = (<usize>column) << 2;
    const scaled = load<f32>(dy + at) * load<f32>(gamma + at * gammaStep);
    rowSum += <f64>scaled;
    rowProducts += <f64>(scaled * (load<f32>(x + at) - center));
  }
}
