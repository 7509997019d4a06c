// The inverse of the normal distribution function, from operations whose bits ECMAScript fixes: + - * / and sqrt.
// Math.log and Math.cos may differ between engines, so the usual Box-Muller transform would not give the same weights everywhere.

/**
 * The number below which a standard normal lies with probability 1/2 + `centered`; relative error below 1e-15.
 * Source: Wichura, "Algorithm AS 241" (PPND16), Applied Statistics 37 (1988). Its third range (probabilities below 1.4e-11)
 * is out of reach of 32-bit uniforms.
 *
 * @param centered within ±(1/2 − 2⁻³³)
 */
export function normalQuantile(centered: number): number {
  const distance = Math.abs(centered);
  if (distance <= 0.425) {
    const x = 0.180625 - centered * centered;
    return (centered * polynomial(centralNumerator, x)) / polynomial(centralDenominator, x);
  }
  const x = Math.sqrt(-logarithm(0.5 - distance)) - 1.6;
  const quantile = polynomial(tailNumerator, x) / polynomial(tailDenominator, x);
  return centered < 0 ? -quantile : quantile;
}

/**
 * The natural logarithm of a positive, normal double: with x = m · 2ᵉ and m from √½ to √2, it is e ln 2 + 2 artanh((m − 1)/(m + 1)).
 * The error is a few units of the last place.
 */
export function logarithm(x: number): number {
  float.setFloat64(0, x);
  const head = float.getUint32(0);
  float.setUint32(0, (head & 0xfffff) | 0x3ff00000);
  let exponent = (head >>> 20) - 1023;
  let mantissa = float.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  return exponent * Math.LN2 + 2 * s * polynomial(artanhSeries, s * s);
}

// Where the bits of a double are looked at; a DataView has the same byte order on every machine.
const float = new DataView(new ArrayBuffer(8));

/** artanh(s)/s in powers of s²: with |s| ≤ 0.172 the next term is below 1e-18. */
const artanhSeries = Array.from({ length: 12 }, (_, power) => 1 / (2 * power + 1));

const centralNumerator = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
  2509.0809287301227,
];
const centralDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854,
];
const tailNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const tailDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
  1.0507500716444169e-9,
];

/** Horner's rule; the coefficient of power k at index k. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let power = coefficients.length - 1; power >= 0; power--) sum = sum * x + coefficients[power]!;
  return sum;
}
