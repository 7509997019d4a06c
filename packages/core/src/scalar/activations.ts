// The activation functions of the field as expressions: a new activation is a few lines here and its authoring function.
import type { ScalarOperand } from './build.ts';
import { add, erf, exp, expm1, greater, lessEqual, log1p, mul, neg, select, sigmoid, tanh } from './build.ts';
import type { Expr } from './types.ts';

/** The α of SELU (Klambauer et al. 2017): with it and {@link seluLambda}, mean 0 and variance 1 are a stable fixed point. */
export const seluAlpha = 1.6732632423543772848;
/** The λ of SELU. */
export const seluLambda = 1.0507009873554804934;

/** max(x, 0), NaN kept; the derivative at 0 is 0. */
export function relu(x: Expr): Expr {
  return select(lessEqual(x, 0), 0, x);
}

/** x above 0, alpha·x below; the derivative at 0 is alpha. */
export function leakyRelu(x: Expr, alpha: ScalarOperand = 0.01): Expr {
  return select(greater(x, 0), x, mul(alpha, x));
}

/** x above 0, alpha·(eˣ − 1) below (Clevert et al. 2015; lecture 000); the derivative at 0 is alpha. */
export function elu(x: Expr, alpha: ScalarOperand = 1): Expr {
  return select(greater(x, 0), x, mul(alpha, expm1(x)));
}

/** λ·elu(x, α) with the self-normalizing constants (Klambauer et al. 2017; lecture 004). */
export function selu(x: Expr): Expr {
  return mul(seluLambda, elu(x, seluAlpha));
}

/** log(1 + eˣ), written per side so that no exponential overflows; the derivative at 0 is 0.5. */
export function softplus(x: Expr): Expr {
  return select(greater(x, 0), add(x, log1p(exp(neg(x)))), log1p(exp(x)));
}

/** x·sigmoid(x), also called swish (Elfwing et al. 2017). */
export function silu(x: Expr): Expr {
  return mul(x, sigmoid(x));
}

/** x·Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel 2016). */
export function gelu(x: Expr): Expr {
  return mul(mul(0.5, x), add(1, erf(mul(x, Math.SQRT1_2))));
}

/** The approximation of {@link gelu} by tanh, from the same paper. */
export function geluTanh(x: Expr): Expr {
  const inner = mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(x, mul(x, x)))));
  return mul(mul(0.5, x), add(1, tanh(inner)));
}
