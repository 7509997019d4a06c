// pow, by way of 2^(b·log₂|a|) in f64, which leaves the f32 result rounded almost always as the exact one.
import type { Vector, VectorGraph } from '../vectorGraph.ts';
import type { Decomposition } from './logarithm.ts';
import { decomposeAny } from './logarithm.ts';

/** log₂((1 + s)/(1 − s)) / s in s² for |s| ≤ 0.1716, to 3·10⁻¹⁴. */
const logarithmCoefficients = [
  2.88539008177785, 0.9617966941134953, 0.5770779423167886, 0.412209257583218, 0.31990546975777906, 0.28290359112085806,
];
/** 2ʳ for |r| ≤ ½, to 4·10⁻¹¹. */
const exponentialCoefficients = [
  0.9999999999616821, 0.6931471807284527, 0.240226511981566, 0.05550410353429373, 0.009618027253774048, 0.0013333922578595565,
  0.00015469291113451528, 1.5201918126750275e-5,
];
/** Adding it leaves the nearest integer, with the exponent's bias, in the lowest bits of an f64. */
const roundingShift = 1.5 * 2 ** 52 + 1023;

/** 2^(b·log₂ a) for two lanes. */
function power64(g: VectorGraph, { mantissa, exponent }: Decomposition, b: Vector): Vector {
  const [m, e, factor] = [mantissa, exponent, b].map((x) => g.op('f64x2.promote_low_f32x4', x)) as [Vector, Vector, Vector];
  const one = g.f64(1);
  const s = g.op('f64x2.div', g.op('f64x2.sub', m, one), g.op('f64x2.add', m, one));
  const series = g.polynomial64(g.op('f64x2.mul', s, s), logarithmCoefficients);
  const logarithm = g.op('f64x2.add', g.op('f64x2.mul', s, series), e);
  // Beyond ±1000 the f32 result is 0 or infinite all the same.
  const product = g.op('f64x2.mul', logarithm, factor);
  const limited = g.op('f64x2.pmin', g.op('f64x2.pmax', product, g.f64(-1000)), g.f64(1000));
  const shifted = g.op('f64x2.add', limited, g.f64(roundingShift));
  const remainder = g.op('f64x2.sub', limited, g.op('f64x2.sub', shifted, g.f64(roundingShift)));
  const scale = g.shift('i64x2.shl', shifted, 52);
  return g.op('f32x4.demote_f64x2_zero', g.op('f64x2.mul', g.polynomial64(remainder, exponentialCoefficients), scale));
}

/** |a|ᵇ for numbers a that are not NaN. */
function powerOfMagnitude(g: VectorGraph, a: Vector, b: Vector): Vector {
  const infinity = g.f32(Infinity);
  const magnitude = g.abs(a);
  const { mantissa, exponent } = decomposeAny(g, magnitude);
  // The logarithm of 0 is −∞ and that of ∞ is ∞.
  const ofFinite = g.select(g.op('f32x4.eq', magnitude, infinity), infinity, exponent);
  const limited = { mantissa, exponent: g.select(g.op('f32x4.eq', a, g.f32(0)), g.f32(-Infinity), ofFinite) };
  const upper = (x: Vector): Vector => g.shuffle(x, x, 2, 3, 2, 3);
  const low = power64(g, limited, b);
  const high = power64(g, { mantissa: upper(limited.mantissa), exponent: upper(limited.exponent) }, upper(b));
  return g.shuffle(low, high, 0, 1, 4, 5);
}

/** aᵇ with the special cases of IEEE 754. */
export function pow(g: VectorGraph, a: Vector, b: Vector): Vector {
  if (b.kind === 'constant' && b.value === 2) return g.mul(a, a);
  const [zero, one, infinity] = [g.f32(0), g.f32(1), g.f32(Infinity)];
  const half = g.mul(b, g.f32(0.5));
  const isInteger = g.op('f32x4.eq', b, g.op('f32x4.trunc', b));
  const isOdd = g.op('v128.andnot', isInteger, g.op('f32x4.eq', half, g.op('f32x4.trunc', half)));
  const magnitude = g.abs(a);
  // (±1)ᵇ would be 0·∞ in the exponent for an infinite b.
  const positive = g.select(g.op('f32x4.eq', magnitude, one), one, powerOfMagnitude(g, a, b));
  const signed = g.or(positive, g.and(g.signOf(a), isOdd));
  const isNegativeFinite = g.and(g.op('f32x4.lt', a, zero), g.op('f32x4.lt', magnitude, infinity));
  const isUndefined = g.or(g.op('v128.andnot', isNegativeFinite, isInteger), g.or(g.op('f32x4.ne', a, a), g.op('f32x4.ne', b, b)));
  const isOne = g.or(g.op('f32x4.eq', b, zero), g.op('f32x4.eq', a, one));
  return g.select(isOne, one, g.or(signed, isUndefined));
}
