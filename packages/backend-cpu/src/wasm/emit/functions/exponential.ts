// exp and what is built on it: expm1, tanh, sigmoid.
import type { Vector, VectorGraph } from '../vectorGraph.ts';

/** ln 2 as a sum; products of the first with integers below 2⁸ are exact. */
export const ln2High = 0.693145751953125;
export const ln2Low = 1.428606765330187e-6;

/** Adding it to a small number leaves the nearest integer in the lowest bits. */
const roundingShift = 1.5 * 2 ** 23;
const exponentBias = 127;
const mantissaBits = 23;

/** (eʳ − 1 − r) / r² for |r| ≤ ln 2, minimax to 1.5·10⁻⁸ of eʳ. */
const wideCoefficients = [0.500000346, 0.166666143, 0.0416612764, 0.00833609865, 0.00141043063, 0.000196118047];
/** The same, to 4·10⁻⁹ of eʳ − 1. */
const sharedCoefficients = [0.5, 0.16666672, 0.041666623, 0.00833263, 0.0013890424, 0.00020095515, 2.4781177e-5];
/** The same for |r| ≤ ln 2 / 2, to 1.4·10⁻⁸ of eʳ − 1. */
const narrowCoefficients = [0.499999982, 0.166665436, 0.0416671999, 0.00836652089, 0.00138825158];

/** x limited to [low, high], NaN kept. */
function limit(g: VectorGraph, x: Vector, low: number, high: number): Vector {
  return g.op('f32x4.pmin', g.op('f32x4.pmax', x, g.f32(low)), g.f32(high));
}

/**
 * Splits x = n · unit + remainder with an integer n and |remainder| ≤ unit / 2, where unit is ln 2 times `octaves`.
 * @returns the remainder, and 2ⁿ⁺ᵒᶠᶠˢᵉᵗ
 */
function reduce(g: VectorGraph, x: Vector, octaves: number, offset: number): { readonly remainder: Vector; readonly power: Vector } {
  const shift = g.f32(roundingShift + exponentBias + offset);
  const shifted = g.multiplyAdd(x, g.f32(1 / (octaves * Math.LN2)), shift);
  const n = g.sub(shifted, shift);
  const coarse = g.multiplyAdd(n, g.f32(-octaves * ln2High), x);
  const remainder = g.multiplyAdd(n, g.f32(-octaves * ln2Low), coarse);
  return { remainder, power: g.shift('i32x4.shl', shifted, mantissaBits) };
}

/** eʳ − 1 as r + r² · polynomial(r). */
function withoutOne(g: VectorGraph, r: Vector, coefficients: readonly number[]): Vector {
  return g.multiplyAdd(g.mul(r, r), g.polynomial(r, coefficients), r);
}

/** Overflows to infinity and underflows gradually. */
export function exp(g: VectorGraph, x: Vector): Vector {
  const { excess, power } = split(g, x, g.hasExpAndExpm1 ? sharedCoefficients : wideCoefficients);
  return g.mul(g.mul(g.add(excess, g.f32(1)), power), power);
}

/** eʳ − 1 and 2ⁿ of x = 2n · ln 2 + r: both factors 2ⁿ of eˣ are normal numbers. */
function split(g: VectorGraph, x: Vector, coefficients: readonly number[]): { readonly excess: Vector; readonly power: Vector } {
  const { remainder, power } = reduce(g, limit(g, x, -104, 89), 2, 0);
  return { excess: withoutOne(g, remainder, coefficients), power };
}

/** eˣ − 1, as accurate near 0 as elsewhere. */
export function expm1(g: VectorGraph, x: Vector): Vector {
  // The sums below make +0 of −0.
  return g.or(g.hasExpAndExpm1 ? expm1NextToExp(g, x) : expm1OfLimited(g, limit(g, x, -18, 89)), g.signOf(x));
}

/** 2·(2²ⁿ⁻¹·(eʳ − 1) + (2²ⁿ⁻¹ − ½)): more instructions than the other way, but where eˣ is wanted too, most of them are done. */
function expm1NextToExp(g: VectorGraph, x: Vector): Vector {
  const { excess, power } = split(g, x, sharedCoefficients);
  const halfPower = g.mul(power, g.mul(power, g.f32(0.5)));
  const half = g.multiplyAdd(halfPower, excess, g.sub(halfPower, g.f32(0.5)));
  return g.add(half, half);
}

/** 2·(2ⁿ⁻¹·(eʳ − 1) + (2ⁿ⁻¹ − ½)) for −18 ≤ x ≤ 89: exact where n is 0, and no overflow before that of the result. */
function expm1OfLimited(g: VectorGraph, x: Vector): Vector {
  const { remainder, power } = reduce(g, x, 1, -1);
  const half = g.multiplyAdd(power, withoutOne(g, remainder, narrowCoefficients), g.sub(power, g.f32(0.5)));
  return g.add(half, half);
}

/** (e²ˣ − 1) / (e²ˣ + 1), on the magnitude; from 9.1 on it is 1 in f32. */
export function tanh(g: VectorGraph, x: Vector): Vector {
  const magnitude = g.op('f32x4.pmin', g.abs(x), g.f32(9.2));
  const excess = expm1OfLimited(g, g.add(magnitude, magnitude));
  return g.or(g.div(excess, g.add(excess, g.f32(2))), g.signOf(x));
}

/** 1 / (1 + e⁻ˣ) */
export function sigmoid(g: VectorGraph, x: Vector): Vector {
  const one = g.f32(1);
  return g.div(one, g.add(one, exp(g, g.op('f32x4.neg', x))));
}
