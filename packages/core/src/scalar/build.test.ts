import { describe, expect, it } from 'vitest';
import { DTypeError } from '../errors/errors.ts';
import * as build from './build.ts';
import type { BinaryName, ComparisonName, UnaryName } from './types.ts';
import { binaryFunctions, comparisonFunctions, unaryFunctions } from './functions.ts';
import { binaryNames, comparisonNames, scalarTypes, unaryNames } from './testing/arbitraries.ts';

const { add, and, cast, constant, equal, exp, input, less, mul, not, select } = build;
const x = input(0, 'f32');
const i = input(1, 'i32');
const p = input(2, 'bool');

// Fails to compile when a function has no builder of its name.
const unaryBuilders = build satisfies Record<UnaryName, (x: build.ScalarOperand) => unknown>;
const binaryBuilders = build satisfies Record<BinaryName | ComparisonName, (a: build.ScalarOperand, b: build.ScalarOperand) => unknown>;

describe('builders', () => {
  it.each(unaryNames)('%s builds its own node for the types it takes and refuses others', (name) => {
    for (const type of scalarTypes) {
      const operand = input(0, type);
      if (type in unaryFunctions[name]) expect(unaryBuilders[name](operand)).toEqual({ kind: 'unary', name, x: operand, type });
      else expect(() => unaryBuilders[name](operand)).toThrow(DTypeError);
    }
  });

  it.each(binaryNames)('%s builds its own node for the types it takes and refuses others', (name) => {
    for (const type of scalarTypes) {
      const [a, b] = [input(0, type), input(1, type)];
      if (type in binaryFunctions[name]) expect(binaryBuilders[name](a, b)).toEqual({ kind: 'binary', name, a, b, type });
      else expect(() => binaryBuilders[name](a, b)).toThrow(DTypeError);
    }
  });

  it.each(comparisonNames)('%s builds its own node for the types it takes and refuses others', (name) => {
    for (const type of scalarTypes) {
      const [a, b] = [input(0, type), input(1, type)];
      if (type in comparisonFunctions[name]) expect(binaryBuilders[name](a, b)).toEqual({ kind: 'compare', name, a, b, type: 'bool' });
      else expect(() => binaryBuilders[name](a, b)).toThrow(DTypeError);
    }
  });

  it('gives numbers the type of their partner', () => {
    expect(add(i, 2)).toEqual(add(i, constant(2, 'i32')));
    expect(add(2, x)).toEqual(add(constant(2), x));
    expect(equal(p, 1)).toEqual(equal(p, constant(1, 'bool')));
    expect(mul(2, 3)).toEqual(mul(constant(2), constant(3)));
    expect(select(p, 0, i)).toEqual(select(p, constant(0, 'i32'), i));
    expect(exp(1)).toEqual(exp(constant(1)));
  });

  it('names the function and both types when they differ', () => {
    expect(() => add(x, i)).toThrow(/^add: the operands are f32 and i32, .*cast\(x, 'f32'\)/);
    expect(() => select(p, x, i)).toThrow(/^select: the operands are f32 and i32/);
    expect(() => select(x, x, x)).toThrow(/^select: the condition is f32, but bool is needed/);
    expect(() => exp(i)).toThrow(/^exp: it takes f32, but the operand is i32/);
    expect(() => less(p, p)).toThrow(/^less: it takes f32 or i32, but the operand is bool/);
    expect(() => and(x, x)).toThrow(/^and: it takes bool/);
    expect(() => not(i)).toThrow(DTypeError);
  });

  it('holds constants exactly or not at all', () => {
    expect(constant(-0, 'i32')).toEqual(constant(0, 'i32'));
    expect(Object.is((constant(-0) as { value: number }).value, -0)).toBe(true);
    expect(() => constant(0.5, 'i32')).toThrow(/0\.5 is no i32/);
    expect(() => constant(2 ** 31, 'i32')).toThrow(DTypeError);
    expect(() => constant(NaN, 'i32')).toThrow(DTypeError);
    expect(() => constant(2, 'bool')).toThrow(DTypeError);
    expect(() => add(i, 0.5)).toThrow(DTypeError);
  });

  it('refuses what is no expression, as plain JavaScript can pass it', () => {
    const notExpressions: unknown[] = [undefined, null, 'x', [1], { shape: [2], dtype: 'f32' }];
    for (const value of notExpressions) {
      expect(() => add(x, value as build.ScalarOperand)).toThrow(/^add: an operand is .*scalar expression or a number/);
    }
    expect(() => cast(x, 'u8' as 'f32')).toThrow(/^cast: u8 is no scalar type/);
    expect(() => input(0, 'u8' as 'f32')).toThrow(DTypeError);
    expect(() => constant(0, 'f64' as 'f32')).toThrow(DTypeError);
    expect(() => input(-1, 'f32')).toThrow(DTypeError);
    expect(() => input(0.5, 'f32')).toThrow(DTypeError);
  });

  it('casts to the same type by doing nothing', () => {
    expect(cast(x, 'f32')).toBe(x);
    expect(cast(x, 'i32')).toEqual({ kind: 'cast', x, type: 'i32' });
  });
});
