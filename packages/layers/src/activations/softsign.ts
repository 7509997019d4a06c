// Softsign.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** x / (1 + |x|). Source: Bergstra, Desjardins, Lamblin and Bengio, "Quadratic polynomials learn better image features" (2009). */
export const softsign = activation('softsign', {}, softsignOf);

/** Beyond ±1 it is ±(1 − 1/(1 + |x|)), whose derivative has no difference of almost equal numbers and which has a value at infinity. */
function softsignOf(x: Expr): Expr {
  const size = scalar.abs(x);
  // An f32, which refuses integers: their quotient would be an integer.
  const divisor = scalar.add(scalar.constant(1, 'f32'), size);
  const sign = scalar.sign(x);
  return scalar.select(scalar.lessEqual(size, 1), scalar.div(x, divisor), scalar.sub(sign, scalar.div(sign, divisor)));
}
