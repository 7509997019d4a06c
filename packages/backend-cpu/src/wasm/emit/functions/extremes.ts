// max and min as the language has them: NaN when either operand is, −0 below +0. The instructions for that take five to eight machine
// instructions, pmax and pmin (which give their first operand for NaN) take one: enough where an operand is known.
import type { Vector, VectorGraph } from '../vectorGraph.ts';

export function max(g: VectorGraph, a: Vector, b: Vector): Vector {
  return extreme(g, a, b, 'f32x4.max', (x, limit) => {
    const larger = g.op('f32x4.pmax', x, limit);
    // Of −0 and +0 it gives the first; the sum of both is +0.
    return isZero(limit) ? g.add(larger, g.f32(0)) : larger;
  });
}

export function min(g: VectorGraph, a: Vector, b: Vector): Vector {
  return extreme(g, a, b, 'f32x4.min', (x, limit) =>
    // Of −0 and +0 it gives the first, right in either case for a limit of +0.
    g.op('f32x4.pmin', x, limit),
  );
}

/** `withLimit` where an operand is a constant but NaN and −0, else the full instruction. */
function extreme(
  g: VectorGraph,
  a: Vector,
  b: Vector,
  instruction: 'f32x4.max' | 'f32x4.min',
  withLimit: (x: Vector, limit: Vector) => Vector,
): Vector {
  if (isPlain(b)) return withLimit(a, b);
  return isPlain(a) ? withLimit(b, a) : g.op(instruction, a, b);
}

function isPlain(x: Vector): boolean {
  return x.kind === 'constant' && !Number.isNaN(x.value) && !Object.is(x.value, -0);
}

function isZero(x: Vector): boolean {
  return x.kind === 'constant' && x.value === 0;
}
