import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DTypeError } from '../errors/errors.ts';
import { add, cast, exp, input, mul } from './build.ts';
import { evaluate } from './evaluate.ts';
import { linearize } from './linearize.ts';
import { printExpr } from './print.ts';
import { inputsOf, mapInputs, substitute } from './substitute.ts';
import { expressions, inputTypes, inputValues } from './testing/arbitraries.ts';

const x = input(0, 'f32');

describe('substitute', () => {
  it('is evaluation of the replacements first', () => {
    const replacements = fc
      .array(expressions, { minLength: inputTypes.length, maxLength: inputTypes.length })
      .map((list) => list.map((expression, index) => cast(expression, inputTypes[index]!)));
    fc.assert(
      fc.property(expressions, replacements, inputValues, (expression, replaced, inputs) => {
        const first = replaced.map((replacement) => evaluate(replacement, inputs));
        expect(evaluate(substitute(expression, replaced), inputs)).toBe(evaluate(expression, first));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps shared parts shared', () => {
    const shared = exp(x);
    const result = substitute(mul(shared, shared), [add(x, 1)]);
    expect(result.kind === 'binary' && result.a === result.b).toBe(true);
  });

  it('returns what reads no input unchanged', () => {
    const expression = exp(2);
    expect(substitute(expression, [])).toBe(expression);
  });

  it('refuses a missing replacement and one of another type', () => {
    expect(() => substitute(add(x, input(1, 'f32')), [x])).toThrow(ConfigError);
    expect(() => substitute(exp(x), [input(0, 'i32')])).toThrow(DTypeError);
  });
});

describe('mapInputs', () => {
  it('renumbers', () => {
    const expression = mul(input(0, 'f32'), exp(input(2, 'f32')));
    expect(printExpr(mapInputs(expression, (index) => index + 3))).toBe('x3 * exp(x5)');
  });
});

describe('inputsOf', () => {
  it('lists each input once, by index', () => {
    const expression = mul(input(4, 'f32'), add(cast(input(1, 'i32'), 'f32'), input(4, 'f32')));
    expect(inputsOf(expression)).toEqual([input(1, 'i32'), input(4, 'f32')]);
  });

  it('refuses one input as two types', () => {
    expect(() => inputsOf(add(x, cast(input(0, 'i32'), 'f32')))).toThrow(DTypeError);
  });

  it('walks a deep shared graph without effort', () => {
    let expression = x;
    for (let depth = 0; depth < 60; depth++) expression = add(expression, expression);
    expect(inputsOf(expression)).toEqual([x]);
    expect(linearize(substitute(expression, [exp(x)])).steps.length).toBe(62);
  });
});
