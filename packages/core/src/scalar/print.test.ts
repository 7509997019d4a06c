import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elu } from './activations.ts';
import { add, and, cast, constant, div, equal, exp, greater, input, less, max, mod, mul, neg, not, or, pow, sub } from './build.ts';
import { printExpr } from './print.ts';
import { expressions } from './testing/arbitraries.ts';
import type { Expr } from './types.ts';

const x = input(0, 'f32');
const y = input(1, 'f32');
const i = input(2, 'i32');
const p = input(3, 'bool');

describe('printExpr', () => {
  it.each<[string, Expr]>([
    ['select(x0 > 0, x0, 1.5 * expm1(x0))', elu(x, 1.5)],
    ['x0 - x1 - x0', sub(sub(x, y), x)],
    ['x0 - (x1 - x0)', sub(x, sub(y, x))],
    ['(x0 + x1) * x0', mul(add(x, y), x)],
    ['x0 + x1 * x0', add(x, mul(y, x))],
    ['x0 / (x1 * x0) % x1', mod(div(x, mul(y, x)), y)],
    ['-(x0 + x1)', neg(add(x, y))],
    ['-x0 * -2', mul(neg(x), -2)],
    ['-(-x0)', neg(neg(x))],
    ['max(pow(x0, x1), -0)', max(pow(x, y), -0)],
    ['x0 < 1 && !x3 || (x2 == -3i) == true', or(and(less(x, 1), not(p)), equal(equal(i, -3), constant(1, 'bool')))],
    ['!(x0 > NaN)', not(greater(x, NaN))],
    ['f32(x2) + f32(x3)', add(cast(i, 'f32'), cast(p, 'f32'))],
    ['-Infinity', constant(-Infinity)],
  ])('%s', (text, expression) => {
    expect(printExpr(expression)).toBe(text);
  });

  it('names long parts that are used more than once', () => {
    const e = exp(sub(x, mul(2.5, y)));
    expect(printExpr(div(e, add(1, e)))).toBe('t0 = exp(x0 - 2.5 * x1); t0 / (1 + t0)');
  });

  it('grows linearly with a shared graph', () => {
    let expression: Expr = x;
    for (let depth = 0; depth < 60; depth++) expression = mul(expression, exp(expression));
    expect(printExpr(expression).length).toBeLessThan(60 * 40);
  });

  it('is the same text for an equal expression built again', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        // A round trip through JSON keeps no shared object; -0, NaN and infinities do not survive it.
        const text = JSON.stringify(expression, (key, value: unknown) => (key === 'value' && !Number.isFinite(value) ? 7 : value));
        const copy = JSON.parse(text) as Expr;
        expect(printExpr(JSON.parse(JSON.stringify(copy)) as Expr)).toBe(printExpr(copy));
      }),
    );
  });
});
