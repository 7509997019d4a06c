// First and second moments of a row: a block of it is read twice, while it is in the cache.
import { multiplyAdd } from '../product/productTile';
import { doubles, laneSum } from '../sums';

/** Elements that are added up in f32 before they join the others in float64. */
const block: i32 = 1024;

/** Results of `sumRowMoments`: the means of x − origin and of its square. */
export let rowMean: f64 = 0;
export let rowMeanSquare: f64 = 0;

/** Computes the two above; returns the origin. */
export function sumRowMoments(x: usize, count: i32): f32 {
  let origin: f32 = 0;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let element = 0; element < count; element += block, x += (<usize>block) << 2) {
    const length = min(block, count - element);
    const center = centerOf(x, length);
    if (element == 0) origin = center;
    const centers = f32x4.splat(center);
    let s0 = f32x4.splat(0),
      s1 = s0;
    let q0 = s0,
      q1 = s0,
      q2 = s0,
      q3 = s0;
    let from = x;
    const end = x + ((<usize>(length & -16)) << 2);
    for (; from < end; from += 64) {
      const a = f32x4.sub(v128.load(from), centers);
      const b = f32x4.sub(v128.load(from, 16), centers);
      const c = f32x4.sub(v128.load(from, 32), centers);
      const d = f32x4.sub(v128.load(from, 48), centers);
      s0 = f32x4.add(s0, f32x4.add(a, b));
      s1 = f32x4.add(s1, f32x4.add(c, d));
      q0 = multiplyAdd(a, a, q0);
      q1 = multiplyAdd(b, b, q1);
      q2 = multiplyAdd(c, c, q2);
      q3 = multiplyAdd(d, d, q3);
    }
    let ownSum = laneSum(doubles(f32x4.add(s0, s1)));
    let ownSquares = laneSum(doubles(f32x4.add(f32x4.add(q0, q1), f32x4.add(q2, q3))));
    for (const last = x + ((<usize>length) << 2); from < last; from += 4) {
      const value = load<f32>(from) - center;
      ownSum += <f64>value;
      ownSquares += <f64>(value * value);
    }
    // From the block's own center to the origin.
    const way = <f64>center - <f64>origin;
    const moved = ownSum + <f64>length * way;
    squares += ownSquares + way * (ownSum + moved);
    sum += moved;
  }
  rowMean = sum / <f64>count;
  rowMeanSquare = squares / <f64>count;
  return origin;
}

/** The mean, roughly, or 0 where it is not finite: what is infinite shows in the sums then, too. */
function centerOf(x: usize, count: i32): f32 {
  // Terms are made small first: their sum must not overflow.
  const share = f32x4.splat(1 / <f32>count);
  let s0 = f32x4.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  let from = x;
  for (const end = x + ((<usize>(count & -16)) << 2); from < end; from += 64) {
    s0 = multiplyAdd(v128.load(from), share, s0);
    s1 = multiplyAdd(v128.load(from, 16), share, s1);
    s2 = multiplyAdd(v128.load(from, 32), share, s2);
    s3 = multiplyAdd(v128.load(from, 48), share, s3);
  }
  const sums = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  let mean = <f32>laneSum(doubles(sums));
  for (const last = x + ((<usize>count) << 2); from < last; from += 4) mean += load<f32>(from) / <f32>count;
  return abs(mean) < Infinity ? mean : 0;
}
