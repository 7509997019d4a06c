// exp of four f32 and log of one, from polynomials: the functions that softmax needs. Other functions are emitted with expressions.
import { multiplyAdd } from './product/productTile';

/**
 * eˣ of each lane, within 2 ULP: x = n ln 2 + r, |r| ≤ ln 2 / 2, a polynomial in r, and 2ⁿ in two factors, so that results go over
 * into infinity and into subnormal numbers as they should. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function expFour(x: v128): v128 {
  // pmin and pmax take their first operand where the comparison fails, so NaN passes.
  const limited = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  // Adding 1.5 · 2²³ rounds to an integer, which is then in the low bits.
  const magic = f32x4.splat(12582912);
  const shifted = multiplyAdd(limited, f32x4.splat(1.4426950408889634), magic);
  const count = f32x4.sub(shifted, magic);
  const most = multiplyAdd(count, f32x4.splat(-0.693359375), limited);
  const rest = multiplyAdd(count, f32x4.splat(2.12194440054690583e-4), most);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, rest, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, rest, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, rest, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, rest, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, rest, f32x4.splat(0.5));
  const power = f32x4.add(multiplyAdd(f32x4.mul(rest, rest), p, rest), f32x4.splat(1));
  const exponent = i32x4.sub(shifted, magic);
  const half = i32x4.shr_s(exponent, 1);
  return f32x4.mul(f32x4.mul(power, powerOfTwo(half)), powerOfTwo(i32x4.sub(exponent, half)));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: v128): v128 {
  return i32x4.shl(i32x4.add(exponent, i32x4.splat(127)), 23);
}

/** ln x in float64 for a positive, finite x, and NaN for NaN, to some 1e-12. */
export function logOf(x: f64): f64 {
  return f64x2.extract_lane(logOfTwo(f64x2.splat(x)), 0);
}

/** As `logOf`, of two: x = m 2ᵉ with m around 1, and a series in (m − 1) / (m + 1). */
export function logOfTwo(x: v128): v128 {
  const one = f64x2.splat(1);
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), one);
  const isLarge = f64x2.gt(mantissa, f64x2.splat(1.4142135623730951));
  const m = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, isLarge);
  const exponent = i64x2.sub(i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023)), isLarge);
  const z = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const square = f64x2.mul(z, z);
  let series = f64x2.splat(1.0 / 15);
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 13));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 11));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 9));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 7));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 5));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 3));
  series = f64x2.add(f64x2.mul(series, square), one);
  const powers = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
  const sum = f64x2.add(f64x2.mul(f64x2.add(z, z), series), f64x2.mul(powers, f64x2.splat(0.6931471805599453)));
  return v128.bitselect(sum, x, f64x2.eq(x, x));
}
