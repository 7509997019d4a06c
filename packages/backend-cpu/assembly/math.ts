// exp of four f32 and log of one, from polynomials: the functions that softmax needs. Other functions are emitted with expressions.

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
  const shifted = f32x4.add(f32x4.mul(limited, f32x4.splat(1.4426950408889634)), magic);
  const count = f32x4.sub(shifted, magic);
  const rest = f32x4.sub(
    f32x4.sub(limited, f32x4.mul(count, f32x4.splat(0.693359375))),
    f32x4.mul(count, f32x4.splat(-2.12194440054690583e-4)),
  );
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, rest), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, rest), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, rest), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, rest), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, rest), f32x4.splat(0.5));
  const power = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(rest, rest), p), rest), f32x4.splat(1));
  const exponent = i32x4.sub(shifted, magic);
  const half = i32x4.shr_s(exponent, 1);
  return f32x4.mul(f32x4.mul(power, powerOfTwo(half)), powerOfTwo(i32x4.sub(exponent, half)));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: v128): v128 {
  return i32x4.shl(i32x4.add(exponent, i32x4.splat(127)), 23);
}

/** ln x in float64 for a positive, finite x, and NaN for NaN, to some 1e-12: x = m 2ᵉ with m around 1, and a series in (m − 1) / (m + 1). */
export function logOf(x: f64): f64 {
  if (x != x) return x;
  const bits = reinterpret<i64>(x);
  let exponent = <i32>(bits >>> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let series: f64 = 1.0 / 15;
  series = series * square + 1.0 / 13;
  series = series * square + 1.0 / 11;
  series = series * square + 1.0 / 9;
  series = series * square + 1.0 / 7;
  series = series * square + 1.0 / 5;
  series = series * square + 1.0 / 3;
  series = series * square + 1;
  return 2 * z * series + <f64>exponent * 0.6931471805599453;
}
