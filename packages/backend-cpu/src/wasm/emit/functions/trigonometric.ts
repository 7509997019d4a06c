// sin and cos.
import type { Vector, VectorGraph } from '../vectorGraph.ts';

/** π/2 as a sum; products of the first with integers below 2²⁰ are exact in f64. */
const quarterTurnHigh = 1.5707963267341256;
const quarterTurnLow = 6.077100506506192e-11;
/** Up to here the quotient by π/2 is below 2²⁰; larger angles are reduced bit by bit first. */
export const largestPlainAngle = 2 ** 18;
/** Adding it leaves the nearest integer in the lowest bits of an f64. */
const roundingShift = 1.5 * 2 ** 52;

/** (sin(r)/r − 1) / r² in r² for |r| ≤ π/4, to 4·10⁻⁹ of sin. */
const sineCoefficients = [-0.166666549, 0.00833217584, -0.000195169765];
/** (cos(r) − 1 + r²/2) / r⁴ in r², to 2·10⁻¹⁰ of cos. */
const cosineCoefficients = [0.0416666456, -0.0013887313, 2.44327833e-5];

interface Reduced {
  /** The angle less the nearest multiple of π/2, as f32. */
  readonly remainder: Vector;
  /** That multiple, as i32 whose lowest two bits count. */
  readonly quadrant: Vector;
}

/** Reduction in f64, so that a remainder near 0 has all its digits. */
function reduce(g: VectorGraph, x: Vector): Reduced {
  const isLarge = g.op('f32x4.gt', g.abs(x), g.f32(largestPlainAngle));
  const shift = g.f64(roundingShift);
  const [low, high] = [x, g.shuffle(x, x, 2, 3, 2, 3)].map((half) => {
    const angle = g.repair('reduceAngle', isLarge, g.op('f64x2.promote_low_f32x4', half));
    const shifted = g.op('f64x2.add', g.op('f64x2.mul', angle, g.f64(2 / Math.PI)), shift);
    const n = g.op('f64x2.sub', shifted, shift);
    const coarse = g.op('f64x2.sub', angle, g.op('f64x2.mul', n, g.f64(quarterTurnHigh)));
    const remainder = g.op('f64x2.sub', coarse, g.op('f64x2.mul', n, g.f64(quarterTurnLow)));
    return { remainder: g.op('f32x4.demote_f64x2_zero', remainder), shifted };
  }) as [{ remainder: Vector; shifted: Vector }, { remainder: Vector; shifted: Vector }];
  return {
    remainder: g.shuffle(low.remainder, high.remainder, 0, 1, 4, 5),
    quadrant: g.shuffle(low.shifted, high.shifted, 0, 2, 4, 6),
  };
}

/** ± sin or cos of the remainder, as the quadrant says. */
function fromQuadrant(g: VectorGraph, { remainder, quadrant }: Reduced): Vector {
  const square = g.mul(remainder, remainder);
  const sine = g.multiplyAdd(remainder, g.mul(square, g.polynomial(square, sineCoefficients)), remainder);
  const cosineTail = g.mul(g.mul(square, square), g.polynomial(square, cosineCoefficients));
  const cosine = g.add(g.sub(g.f32(1), g.mul(square, g.f32(0.5))), cosineTail);
  const isOdd = g.shift('i32x4.shr_s', g.shift('i32x4.shl', quadrant, 31), 31);
  const sign = g.shift('i32x4.shl', g.and(quadrant, g.i32(2)), 30);
  return g.op('v128.xor', g.select(isOdd, cosine, sine), sign);
}

export function sin(g: VectorGraph, x: Vector): Vector {
  // The sums make +0 of −0.
  return g.select(g.op('f32x4.eq', x, g.f32(0)), x, fromQuadrant(g, reduce(g, x)));
}

/** A quarter turn ahead of the sine. */
export function cos(g: VectorGraph, x: Vector): Vector {
  const { remainder, quadrant } = reduce(g, x);
  return fromQuadrant(g, { remainder, quadrant: g.op('i32x4.add', quadrant, g.i32(1)) });
}
