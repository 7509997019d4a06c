import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  and,
  cast,
  constant,
  div,
  equal,
  greater,
  input,
  less,
  max,
  mul,
  neg,
  not,
  notEqual,
  or,
  pow,
  select,
  sub,
} from './build.ts';
import { evaluate } from './evaluate.ts';
import { linearize } from './linearize.ts';
import { printExpr } from './print.ts';
import { simplify } from './simplify.ts';
import { expressions, inputValues } from './testing/arbitraries.ts';
import type { Expr } from './types.ts';

const x = input(0, 'f32');
const y = input(1, 'f32');
const i = input(2, 'i32');
const p = input(3, 'bool');
const q = input(4, 'bool');

const simplified = (expression: Expr): string => printExpr(simplify(expression));

describe('simplify', () => {
  it('never changes the value', () => {
    fc.assert(
      fc.property(expressions, inputValues, (expression, inputs) => {
        expect(evaluate(simplify(expression), inputs)).toBe(evaluate(expression, inputs));
      }),
      { numRuns: 3000 },
    );
  });

  it('adds no step and is idempotent', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const once = simplify(expression);
        expect(linearize(once).steps.length).toBeLessThanOrEqual(linearize(expression).steps.length);
        expect(printExpr(simplify(once))).toBe(printExpr(once));
      }),
    );
  });

  it.each<[string, Expr]>([
    ['x0', mul(x, 1)],
    ['-x0', mul(-1, x)],
    ['x0', mul(-1, neg(x))],
    ['x0', add(x, -0)],
    ['x0', sub(x, 0)],
    ['-x0', sub(-0, x)],
    ['x0', div(x, 1)],
    ['-x0', div(x, -1)],
    ['x0', neg(neg(x))],
    ['x0 - x1', add(x, neg(y))],
    ['x1 - x0', add(neg(x), y)],
    ['x0 + x1', sub(x, neg(y))],
    ['x0 * x1', mul(neg(x), neg(y))],
    ['x0 / x1', div(neg(x), neg(y))],
    ['abs(x0)', abs(neg(x))],
    ['abs(x0)', abs(abs(x))],
    ['x0', max(x, x)],
    ['x0', pow(x, 1)],
    ['x0 * x0', pow(x, 2)],
    ['1', pow(x, 0)],
    ['6', mul(2, 3)],
    ['0i', mul(i, 0)],
    ['x2', add(i, 0)],
    ['0i', sub(i, i)],
    ['x3', not(not(p))],
    ['x0 != x1', not(equal(x, y))],
    ['x0 == x1', not(notEqual(x, y))],
    ['false', less(x, x)],
    ['true', equal(i, i)],
    ['x3', and(p, constant(1, 'bool'))],
    ['false', and(p, constant(0, 'bool'))],
    ['true', or(constant(1, 'bool'), p)],
    ['x0', select(constant(1, 'bool'), x, y)],
    ['x1', select(constant(0, 'bool'), x, y)],
    ['x0', select(p, x, mul(x, 1))],
    ['select(x3, x1, x0)', select(not(p), x, y)],
    ['select(x3, x0, 2)', select(p, select(p, x, 1), 2)],
    ['select(x3, x0, 2)', select(p, x, select(p, 1, 2))],
    ['x3', select(p, constant(1, 'bool'), constant(0, 'bool'))],
    ['!x3', select(p, constant(0, 'bool'), constant(1, 'bool'))],
    ['x3', cast(cast(p, 'i32'), 'bool')],
    ['f32(x3)', cast(cast(p, 'i32'), 'f32')],
    ['bool(x2)', cast(cast(i, 'f32'), 'bool')],
  ])('gives %s', (text, expression) => {
    expect(simplified(expression)).toBe(text);
  });

  it.each<[string, Expr]>([
    ['x0 * 0', mul(x, 0)],
    ['x0 + 0', add(x, 0)],
    ['0 - x0', sub(0, x)],
    ['x0 - x0', sub(x, x)],
    ['x0 / x0', div(x, x)],
    ['x0 == x0', equal(x, x)],
    ['-(x0 - x1)', neg(sub(x, y))],
    ['!(x0 < x1)', not(less(x, y))],
    ['i32(f32(x2))', cast(cast(i, 'f32'), 'i32')],
    ['-x2 / -x5', div(neg(i), neg(input(5, 'i32')))],
    ['select(x3, x0, select(x4, x1, x0))', select(p, x, select(q, y, x))],
  ])('leaves %s, which differs for some operands', (text, expression) => {
    expect(simplified(expression)).toBe(text);
  });

  it('makes equal subexpressions one object', () => {
    const result = simplify(add(greaterZero(), greaterZero()));
    expect(result.kind === 'binary' && result.a === result.b).toBe(true);
    function greaterZero(): Expr {
      return select(greater(input(0, 'f32'), 0), y, 3);
    }
  });
});
