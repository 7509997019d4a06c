// log and log1p.
import type { Vector, VectorGraph } from '../vectorGraph.ts';
import { ln2High, ln2Low } from './exponential.ts';

/** 2·(artanh(s)/s − 1) / s² as a polynomial in s² for |s| ≤ 0.1716, to 5·10⁻¹² of the whole. */
const tailCoefficients = [0.666666627, 0.400003344, 0.285372943, 0.235824376];

/** The bits of the f32 next to √½. */
const rootOfHalfBits = 0x3f3504f3;
const mantissaMask = 0x007fffff;
const smallestNormal = 2 ** -126;

export interface Decomposition {
  /** In [√½, √2). */
  readonly mantissa: Vector;
  /** An integer, as f32. */
  readonly exponent: Vector;
}

/** x = mantissa · 2^exponent, for positive normal numbers. */
export function decompose(g: VectorGraph, x: Vector): Decomposition {
  const distance = g.op('i32x4.sub', x, g.i32(rootOfHalfBits));
  return {
    exponent: g.op('f32x4.convert_i32x4_s', g.shift('i32x4.shr_s', distance, 23)),
    mantissa: g.op('i32x4.add', g.and(distance, g.i32(mantissaMask)), g.i32(rootOfHalfBits)),
  };
}

/** {@link decompose} for subnormal numbers too. */
export function decomposeAny(g: VectorGraph, x: Vector): Decomposition {
  const isTiny = g.op('f32x4.lt', x, g.f32(smallestNormal));
  const { mantissa, exponent } = decompose(g, g.select(isTiny, g.mul(x, g.f32(2 ** 24)), x));
  return { mantissa, exponent: g.sub(exponent, g.and(isTiny, g.f32(24))) };
}

/**
 * log(1 + f) + exponent·ln 2 + correction for 1 + f in [√½, √2], by log(1 + f) = 2 artanh(s) with s = f / (2 + f):
 * f − f²/2 + s·(f²/2 + R(s²)), so that f itself, which is exact, dominates near 0.
 */
function assemble(g: VectorGraph, f: Vector, exponent: Vector, correction?: Vector): Vector {
  const s = g.div(f, g.add(f, g.f32(2)));
  const square = g.mul(s, s);
  const halfSquare = g.mul(g.mul(f, f), g.f32(0.5));
  const tail = g.add(halfSquare, g.mul(square, g.polynomial(square, tailCoefficients)));
  const low = g.multiplyAdd(exponent, g.f32(ln2Low), correction === undefined ? g.mul(s, tail) : g.multiplyAdd(s, tail, correction));
  return g.multiplyAdd(exponent, g.f32(ln2High), g.add(g.sub(low, halfSquare), f));
}

/** Infinity and NaN stay, 0 gives −Infinity and less than that NaN, by the argument of the logarithm. */
function withLimits(g: VectorGraph, logarithm: Vector, argument: Vector): Vector {
  const zero = g.f32(0);
  const finite = g.select(g.op('f32x4.lt', argument, g.f32(Infinity)), logarithm, argument);
  const nonzero = g.select(g.op('f32x4.eq', argument, zero), g.f32(-Infinity), finite);
  return g.or(nonzero, g.op('f32x4.lt', argument, zero));
}

export function log(g: VectorGraph, x: Vector): Vector {
  const { mantissa, exponent } = decomposeAny(g, x);
  return withLimits(g, assemble(g, g.sub(mantissa, g.f32(1)), exponent), x);
}

/** log(1 + x), as accurate near 0 as elsewhere: what the sum 1 + x loses comes back as a correction. */
export function log1p(g: VectorGraph, x: Vector): Vector {
  const one = g.f32(1);
  const sum = g.add(x, one);
  const { mantissa, exponent } = decompose(g, sum);
  const isNear = g.op('f32x4.eq', exponent, g.f32(0));
  const f = g.select(isNear, x, g.sub(mantissa, one));
  const lost = g.div(g.sub(x, g.sub(sum, one)), sum);
  const logarithm = assemble(g, f, exponent, g.select(isNear, g.f32(0), lost));
  // Sums make +0 of −0.
  return g.or(withLimits(g, logarithm, sum), g.signOf(x));
}
