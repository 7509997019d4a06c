// Normal random numbers inside of a program, from the uniform ones that every backend draws alike.
import type { Context, Expr, Shape, Tensor } from '@nn/core';
import { elementwise, scalar } from '@nn/core';

/** Standard normal numbers of that shape: other ones for every layer, call, step and seed. */
export function normalNumbers(context: Context, shape: Shape): Tensor {
  return elementwise(normalQuantile, context.uniform(shape));
}

/**
 * The number below which a standard normal lies with the probability `uniform` + 2⁻²⁵, the middle of its cell, so that 0 is no infinity.
 * Every step up to the logarithm is exact in float32. One uniform number makes one normal number, which a pair with sine and cosine
 * would not spare: backends differ in those near their zeros.
 * Source: Wichura, "Algorithm AS 241" (PPND7, seven digits), Applied Statistics 37 (1988).
 */
export function normalQuantile(uniform: Expr): Expr {
  const centered = scalar.sub(uniform, 0.5 - 2 ** -25);
  const distance = scalar.abs(centered);
  const inside = scalar.sub(0.180625, scalar.mul(centered, centered));
  const central = scalar.div(
    scalar.mul(centered, polynomial(inside, [3.3871327179, 50.434271938, 159.29113202, 59.10937472])),
    polynomial(inside, [1, 17.895169469, 78.757757664, 67.1875636]),
  );
  const outside = scalar.sub(scalar.sqrt(scalar.neg(scalar.log(scalar.sub(0.5, distance)))), 1.6);
  const tail = scalar.div(
    polynomial(outside, [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103]),
    polynomial(outside, [1, 0.7370016425, 0.12021132975]),
  );
  return scalar.select(scalar.lessEqual(distance, 0.425), central, scalar.select(scalar.less(centered, 0), scalar.neg(tail), tail));
}

/** Horner's rule; the coefficient of power k at index k. */
function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  const [highest = 0, ...others] = coefficients.toReversed();
  return others.reduce<Expr>((sum, coefficient) => scalar.add(scalar.mul(sum, x), coefficient), scalar.constant(highest));
}
