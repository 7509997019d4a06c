// Functions of the scalar language with one mistake each.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';
import type { Mutant } from './mutant.ts';
import { calls, ofExpressions } from './mutant.ts';

/** Mutants of expressions. */
export const expressionMutants: readonly Mutant[] = [
  ofExpressions('biased and unbiased', 'divides by n − 1 where a whole n is given', (node) =>
    calls.binary(node, 'div') && node.b.kind === 'const' && Number.isInteger(node.b.value) && node.b.value > 1
      ? scalar.div(node.a, node.b.value - 1)
      : node,
  ),
  ofExpressions('epsilon', 'constants below 1e-4 are left out', (node) =>
    node.kind === 'const' && node.type === 'f32' && Math.abs(node.value) < 1e-4 ? scalar.constant(0) : node,
  ),
  ofExpressions('epsilon', 'what is added to a root goes under it', (node) =>
    calls.binary(node, 'add') && node.a.kind === 'unary' && node.a.name === 'sqrt' && node.b.kind === 'const'
      ? scalar.sqrt(scalar.add(node.a.x, node.b))
      : node,
  ),
  ofExpressions('cancellation', 'expm1 as exp − 1', (node) =>
    calls.unary(node, 'expm1') ? scalar.select(scalar.equal(node.x, 0), node.x, scalar.sub(float(scalar.exp(node.x)), 1)) : node,
  ),
  ofExpressions('cancellation', 'log1p as log of 1 + x', (node) =>
    calls.unary(node, 'log1p') ? scalar.select(scalar.equal(node.x, 0), node.x, scalar.log(float(scalar.add(1, node.x)))) : node,
  ),
  ofExpressions('gradient', 'the derivative of |x| is −1 at 0', (node) =>
    calls.unary(node, 'sign')
      ? scalar.select(scalar.greater(node.x, 0), 1, scalar.select(scalar.notEqual(node.x, node.x), node.x, -1))
      : node,
  ),
  ofExpressions('gradient', 'branches are multiplied instead of chosen', (node) =>
    node.kind === 'select' && node.type === 'f32'
      ? scalar.add(
          scalar.mul(scalar.cast(node.condition, 'f32'), node.a),
          scalar.mul(scalar.cast(scalar.not(node.condition), 'f32'), node.b),
        )
      : node,
  ),
  ofExpressions('overflow', 'sigmoid as eˣ / (1 + eˣ)', (node) =>
    calls.unary(node, 'sigmoid') ? scalar.div(float(scalar.exp(node.x)), scalar.add(1, float(scalar.exp(node.x)))) : node,
  ),
  ofExpressions('overflow', 'tanh by powers', (node) =>
    calls.unary(node, 'tanh')
      ? scalar.div(
          scalar.sub(float(scalar.exp(node.x)), float(scalar.exp(scalar.neg(node.x)))),
          scalar.add(float(scalar.exp(node.x)), float(scalar.exp(scalar.neg(node.x)))),
        )
      : node,
  ),
  ofExpressions('overflow', 'reciprocal of the root as x · x^−1.5', (node) =>
    calls.unary(node, 'reciprocalSqrt') ? scalar.mul(node.x, float(scalar.pow(node.x, -1.5))) : node,
  ),
  ofExpressions('NaN and zeros', 'max(1, NaN) = 1', (node) =>
    calls.binary(node, 'max') ? scalar.select(scalar.greater(node.a, node.b), node.a, node.b) : node,
  ),
  ofExpressions('NaN and zeros', 'min(NaN, 1) = 1', (node) =>
    calls.binary(node, 'min') ? scalar.select(scalar.less(node.a, node.b), node.a, node.b) : node,
  ),
  ofExpressions('NaN and zeros', 'a logarithm of a negative number is −∞', (node) =>
    calls.unary(node, 'log') ? scalar.log(scalar.max(node.x, 0)) : node,
  ),
  ofExpressions('NaN and zeros', 'round half away from zero', (node) =>
    calls.unary(node, 'round') ? scalar.mul(scalar.sign(node.x), scalar.unary('floor', scalar.add(scalar.abs(node.x), 0.5))) : node,
  ),
  ofExpressions('NaN and zeros', 'a remainder with the sign of the dividend', (node) =>
    calls.binary(node, 'mod') ? scalar.mul(scalar.sign(node.a), scalar.mod(scalar.abs(node.a), scalar.abs(node.b))) : node,
  ),
  ofExpressions('integers', 'products through floats', (node) =>
    calls.binary(node, 'mul', 'i32') ? scalar.cast(float(scalar.mul(scalar.cast(node.a, 'f32'), scalar.cast(node.b, 'f32'))), 'i32') : node,
  ),
  ofExpressions('integers', 'division rounds down', (node) =>
    calls.binary(node, 'div', 'i32')
      ? scalar.cast(scalar.unary('floor', scalar.div(scalar.cast(node.a, 'f32'), scalar.cast(node.b, 'f32'))), 'i32')
      : node,
  ),
];

const [largest, smallest] = [3.4e38, 2 ** -126];

/** What float32 holds of a value: infinity for a large one, zero for a small one, and seven digits of the rest. */
function float(x: Expr): Expr {
  const magnitude = scalar.abs(x);
  const inRange = scalar.sub(scalar.add(x, scalar.mul(x, splitter)), scalar.mul(x, splitter));
  const signed = scalar.mul(scalar.sign(x), Infinity);
  return scalar.select(scalar.greater(magnitude, largest), signed, scalar.select(scalar.less(magnitude, smallest), 0, inRange));
}

/** x + s x − s x keeps 24 of the 53 bits of x (Dekker 1971). */
const splitter = 2 ** 29;
