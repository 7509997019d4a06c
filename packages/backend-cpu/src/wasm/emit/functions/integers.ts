// Division of 32-bit integers. There is no vector instruction for it; quotients of f64 are exact before they are truncated.
import type { Vector, VectorGraph } from '../vectorGraph.ts';

/** Adding it to an integer leaves that modulo 2³² in the lowest bits of an f64. */
const integerShift = 1.5 * 2 ** 52;

/** a / b towards zero, modulo 2³²; what comes of b = 0 is masked. */
export function divideIntegers(g: VectorGraph, a: Vector, b: Vector): Vector {
  const [low, high] = [false, true].map((isHigh) => {
    const [dividend, divisor] = [a, b].map((x) => g.op('f64x2.convert_low_i32x4_s', isHigh ? g.shuffle(x, x, 2, 3, 2, 3) : x)) as [
      Vector,
      Vector,
    ];
    return g.op('f64x2.add', g.op('f64x2.trunc', g.op('f64x2.div', dividend, divisor)), g.f64(integerShift));
  }) as [Vector, Vector];
  return g.and(g.shuffle(low, high, 0, 2, 4, 6), g.op('i32x4.ne', b, g.i32(0)));
}

/** The remainder with the sign of the divisor; 0 for a divisor of 0. */
export function integerModulo(g: VectorGraph, a: Vector, b: Vector): Vector {
  const zero = g.i32(0);
  const remainder = g.op('i32x4.sub', a, g.op('i32x4.mul', divideIntegers(g, a, b), b));
  const differs = g.op('i32x4.lt_s', g.op('v128.xor', remainder, b), zero);
  const isWrong = g.op('v128.andnot', differs, g.op('i32x4.eq', remainder, zero));
  return g.and(g.op('i32x4.add', remainder, g.and(b, isWrong)), g.op('i32x4.ne', b, zero));
}
