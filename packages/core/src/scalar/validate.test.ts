import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTypeError, FormatError, isNnError } from '../errors/errors.ts';
import { add, cast, compare, constant, exp, input, less, mul, select, unary } from './build.ts';
import { expressions, inputTypes } from './testing/arbitraries.ts';
import type { Expr } from './types.ts';
import { validateExpr } from './validate.ts';

const x = input(0, 'f32');
const i = input(1, 'i32');
const valid = select(less(x, 0), exp(x), mul(x, cast(i, 'f32')));

/** `expression` as a file could hold it, with one property of its root replaced. */
const altered = (expression: Expr, change: Record<string, unknown>): unknown => ({ ...expression, ...change });

describe('validateExpr', () => {
  it('accepts every expression the builders make', () => {
    fc.assert(fc.property(expressions, (expression) => validateExpr(expression, inputTypes)));
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 3, /has 3 where a node is needed/],
    ['null', null, /null/],
    ['an array', [x], /an array where/],
    ['a missing operand', altered(exp(x), { x: undefined }), /undefined where a node is needed/],
    ['an unknown kind', altered(exp(x), { kind: 'unery' }), /unknown kind of node 'unery'\. Did you mean "unary"\?/],
    ['an unknown function', altered(exp(x), { name: 'expp' }), /unknown function 'expp'\. Did you mean "exp"\?/],
    ['a name every object has', altered(exp(x), { name: 'constructor' }), /unknown function 'constructor'/],
    ['a name of a binary function on a unary node', altered(exp(x), { name: 'add' }), /unknown function 'add'/],
    ['a name that is no text', altered(exp(x), { name: { toString: null } }), /unknown function an object/],
    ['an unknown type', altered(x, { type: 'f16' }), /unknown scalar type 'f16'/],
    ['an input that is not there', input(2, 'f32'), /reads input 2, but there are 2 inputs/],
    ['an input that is no index', altered(x, { index: 'length' }), /reads input 'length'/],
    ['a fraction as i32', altered(constant(1, 'i32'), { value: 0.5 }), /i32 constant 0\.5/],
    ['a constant that is text', altered(constant(1), { value: '1' }), /f32 constant '1'/],
    ['2 as bool', altered(constant(1, 'bool'), { value: 2 }), /bool constant 2/],
  ])('refuses %s', (_what, value, message) => {
    expect(() => validateExpr(value, ['f32', 'i32'])).toThrow(FormatError);
    expect(() => validateExpr(value, ['f32', 'i32'])).toThrow(message);
  });

  it.each<[string, unknown]>([
    ['an input of another type', input(1, 'f32')],
    ['a function of a type it does not take', altered(exp(x), { x: i })],
    ['a wrong result type', altered(exp(x), { type: 'i32' })],
    ['operands of two types', altered(add(x, x), { b: i })],
    ['a sum that says bool', altered(add(x, x), { type: 'bool' })],
    ['a comparison that says f32', altered(compare('less', x, x), { type: 'f32' })],
    ['compared operands of two types', altered(compare('less', x, x), { b: i })],
    ['a condition that is f32', altered(valid, { condition: x })],
    ['branches of two types', altered(valid, { b: i })],
    ['a choice that says i32', altered(valid, { type: 'i32' })],
    ['the same deep inside', exp(unary('exp', altered(exp(x), { x: i }) as Expr))],
  ])('refuses %s', (_what, value) => {
    expect(() => validateExpr(value, ['f32', 'i32'])).toThrow(DTypeError);
  });

  it('refuses an expression that contains itself, and accepts a shared and a deep one', () => {
    const cyclic = { kind: 'unary', name: 'exp', x: undefined as unknown, type: 'f32' };
    cyclic.x = { kind: 'unary', name: 'exp', x: cyclic, type: 'f32' };
    expect(() => validateExpr(cyclic, [])).toThrow(/contains itself/);
    let shared: Expr = x;
    for (let depth = 0; depth < 60; depth++) shared = add(shared, shared);
    validateExpr(shared, ['f32']);
    let deep: Expr = x;
    for (let depth = 0; depth < 100_000; depth++) deep = exp(deep);
    validateExpr(deep, ['f32']);
  });

  it('throws nothing but its own errors, whatever is in the file', () => {
    const node = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.anything(),
        fc.record({
          kind: fc.constantFrom('input', 'const', 'unary', 'binary', 'compare', 'select', 'cast', 'other'),
          name: fc.oneof(fc.constantFrom('exp', 'add', 'less', 'not'), fc.anything()),
          type: fc.oneof(fc.constantFrom('f32', 'i32', 'bool'), fc.anything()),
          index: fc.oneof(fc.nat({ max: 3 }), fc.anything()),
          value: fc.oneof(fc.double(), fc.anything()),
          x: tie('node'),
          a: tie('node'),
          b: tie('node'),
          condition: tie('node'),
        }),
      ),
    })).node;
    fc.assert(
      fc.property(node, (value) => {
        try {
          validateExpr(value, ['f32', 'i32']);
        } catch (error) {
          expect(isNnError(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
