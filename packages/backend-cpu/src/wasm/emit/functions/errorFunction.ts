// erf.
import type { Vector, VectorGraph } from '../vectorGraph.ts';
import { exp } from './exponential.ts';

/** Where the two forms meet. */
const border = 0.92;
/** erf(x)/x − 1 in x² for |x| ≤ 0.93, to 5·10⁻¹⁰. */
const centralCoefficients = [0.128379167, -0.376126332, 0.112836872, -0.0268589415, 0.00519990661, -0.000813001202, 8.31677264e-5];
/** log(1 − erf(x)) for x from 0.9 to 3.95, to 6·10⁻¹¹ of erf. From 3.92 on erf is 1 in f32. */
const tailCoefficients = [
  0.000169205028, -1.12948841, -0.633400852, -0.108220383, 0.0250806157, -0.00415625461, 0.000431393503, -2.08286131e-5,
];

/** 2/√π ∫₀ˣ e^(−t²) dt: x + x·P(x²) near 0, 1 − e^Q(|x|) further out. */
export function erf(g: VectorGraph, x: Vector): Vector {
  const magnitude = g.abs(x);
  const central = g.multiplyAdd(x, g.polynomial(g.mul(x, x), centralCoefficients), x);
  const tail = exp(g, g.polynomial(g.op('f32x4.pmin', magnitude, g.f32(3.95)), tailCoefficients));
  const outer = g.or(g.sub(g.f32(1), tail), g.signOf(x));
  return g.select(g.op('f32x4.gt', magnitude, g.f32(border)), outer, central);
}
