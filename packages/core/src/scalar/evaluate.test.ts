import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors/errors.ts';
import { add, cast, constant, input, max, min, mul, sub } from './build.ts';
import { evaluate, evaluator } from './evaluate.ts';

const x = input(0, 'f32');
const y = input(1, 'f32');

describe('evaluate', () => {
  it('rounds inputs, constants and every step in float32, and nothing in float64', () => {
    const expression = sub(mul(x, 0.1), y);
    expect(evaluate(expression, [3, 0.3])).toBe(3 * 0.1 - 0.3);
    const f = Math.fround;
    expect(evaluate(expression, [3, 0.3], 'f32')).toBe(f(f(3 * f(0.1)) - f(0.3)));
    expect(evaluate(constant(0.1), [], 'f32')).toBe(f(0.1));
    expect(evaluate(x, [0.1], 'f32')).toBe(f(0.1));
    expect(evaluate(add(x, 2 ** 24), [1], 'f32')).toBe(2 ** 24);
    expect(evaluate(cast(input(0, 'i32'), 'f32'), [2 ** 24 + 1], 'f32')).toBe(2 ** 24);
    expect(evaluate(input(0, 'i32'), [2 ** 24 + 1], 'f32')).toBe(2 ** 24 + 1);
  });

  it('takes two operands and no more where functions are nested', () => {
    const clamped = min(max(x, -2), 2);
    expect([5, -5, 1].map((value) => evaluate(clamped, [value]))).toEqual([2, -2, 1]);
  });

  it('names the input that is missing', () => {
    expect(() => evaluate(add(x, y), [1])).toThrow(ConfigError);
    expect(() => evaluate(add(x, y), [1])).toThrow(/reads input 1, but 1 inputs were given/);
  });

  it('gives a function for many elements that carries nothing over', () => {
    const square = evaluator(mul(x, x));
    expect([3, NaN, 2].map((value) => square([value]))).toEqual([9, NaN, 4]);
    expect(evaluator(constant(5))([])).toBe(5);
  });
});
