import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as activations from './activations.ts';
import {
  add,
  binary,
  cast,
  constant,
  div,
  exp,
  expm1,
  floor,
  greater,
  input,
  log,
  mul,
  neg,
  pow,
  select,
  sigmoid,
  sqrt,
  tanh,
  unary,
} from './build.ts';
import { differentiate, pullback } from './differentiate.ts';
import { evaluate } from './evaluate.ts';
import { binaryFunctions, unaryFunctions } from './functions.ts';
import { linearize } from './linearize.ts';
import { printExpr } from './print.ts';
import { binaryNames, expressions, inputValues, unaryNames } from './testing/arbitraries.ts';
import type { BinaryName, Expr, UnaryName } from './types.ts';

const x = input(0, 'f32');
const y = input(1, 'f32');

const printed = (expression: Expr, index = 0): string => {
  const derivative = differentiate(expression, index);
  return derivative === undefined ? 'zero' : printExpr(derivative);
};

/** Five-point central difference. */
function slope(expression: Expr, inputs: readonly number[], index: number): number {
  const h = 1e-3 * Math.max(1, Math.abs(inputs[index]!));
  const at = (steps: number): number =>
    evaluate(
      expression,
      inputs.map((value, i) => (i === index ? value + steps * h : value)),
    );
  return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h);
}

function expectSlope(expression: Expr, inputs: readonly number[], index: number): void {
  const derivative = evaluate(differentiate(expression, index) ?? constant(0), inputs);
  const numeric = slope(expression, inputs, index);
  expect(Math.abs(derivative - numeric), `${printExpr(expression)} at ${inputs.join(', ')}`).toBeLessThanOrEqual(
    1e-8 * Math.max(1, Math.abs(numeric)),
  );
}

/** Where each function is smooth. */
const unaryPoints: Readonly<Record<UnaryName, readonly number[]>> = {
  neg: [-1.3, 0, 2],
  abs: [-1.3, 0.4],
  sign: [-1.3, 0.4],
  floor: [-1.3, 0.4],
  ceil: [-1.3, 0.4],
  round: [-1.3, 0.4],
  sqrt: [0.3, 1, 7],
  reciprocalSqrt: [0.3, 1, 7],
  exp: [-3, 0, 2],
  expm1: [-3, 0, 2],
  log: [0.3, 1, 7],
  log1p: [-0.5, 0, 7],
  sin: [-2, 0, 1],
  cos: [-2, 0, 1],
  tanh: [-2, 0, 1],
  sigmoid: [-4, 0, 3],
  erf: [-1.5, 0, 0.7, 2],
  not: [],
};

const binaryPoints: Readonly<Record<BinaryName, readonly (readonly [number, number])[]>> = {
  add: [[1, -2]],
  sub: [[1, -2]],
  mul: [[1.5, -2]],
  div: [
    [1.5, -2],
    [3, 0.7],
  ],
  mod: [
    [5.3, 3],
    [-5.3, 3],
    [5.3, -3],
  ],
  pow: [
    [1.5, 2.5],
    [0.4, -1.5],
  ],
  max: [
    [1, 2],
    [2, 1],
  ],
  min: [
    [1, 2],
    [2, 1],
  ],
  and: [],
  or: [],
};

describe('differentiate', () => {
  it.each(unaryNames.filter((name) => 'f32' in unaryFunctions[name]))('%s agrees with central differences', (name) => {
    expect(unaryPoints[name].length).toBeGreaterThan(1);
    for (const point of unaryPoints[name]) {
      expectSlope(unary(name, x), [point], 0);
      // The chain rule, inside and outside.
      expectSlope(unary(name, add(mul(x, 0.9), mul(0.1, point))), [point], 0);
      expectSlope(exp(mul(0.3, unary(name, x))), [point], 0);
    }
  });

  it.each(binaryNames.filter((name) => 'f32' in binaryFunctions[name]))('%s agrees with central differences', (name) => {
    expect(binaryPoints[name].length).toBeGreaterThan(0);
    for (const point of binaryPoints[name]) {
      expectSlope(binary(name, x, y), point, 0);
      expectSlope(binary(name, x, y), point, 1);
      const [a, b] = point;
      expectSlope(binary(name, mul(x, a), add(b - 1, x)), [1], 0);
    }
  });

  const smooth: Readonly<Record<string, Expr>> = {
    relu: activations.relu(x),
    leakyRelu: activations.leakyRelu(x, 0.2),
    elu: activations.elu(x, 1.5),
    selu: activations.selu(x),
    softplus: activations.softplus(x),
    silu: activations.silu(x),
    gelu: activations.gelu(x),
    geluTanh: activations.geluTanh(x),
  };

  it.each(Object.entries(smooth))('%s agrees with central differences, to the second order', (_name, expression) => {
    for (const point of [-3, -0.5, 0.5, 3]) {
      expectSlope(expression, [point], 0);
      const derivative = differentiate(expression, 0)!;
      expectSlope(derivative, [point], 0);
    }
  });

  it.each<[string, Expr]>([
    ['1', x],
    ['zero', y],
    ['zero', constant(3)],
    ['zero', floor(x)],
    ['zero', cast(greater(x, 0), 'f32')],
    ['zero', cast(cast(x, 'i32'), 'f32')],
    ['2 * x0', mul(x, x)],
    ['x1', mul(x, y)],
    ['2 * x0', pow(x, 2)],
    ['3 * (x0 * x0)', pow(x, 3)],
    ['0.5 / sqrt(x0)', sqrt(x)],
    ['1 / x0', log(x)],
    ['-(1 / x0) / x0', div(1, x)],
    ['1 / x1', div(x, y)],
    ['1 - tanh(x0) * tanh(x0)', tanh(x)],
    ['sigmoid(x0) * sigmoid(-x0)', sigmoid(x)],
    ['select(x0 > 0, 1, 1.5 * exp(x0))', select(greater(x, 0), x, mul(1.5, expm1(x)))],
    ['select(x0 <= 0, 0, 1)', activations.relu(x)],
    ['select(x0 > 0, 1, 0.01)', activations.leakyRelu(x)],
    ['select(x0 <= 0, 0, x1)', mul(y, activations.relu(x))],
    ['select(x0 <= 0, 0, -1 / x1)', div(neg(activations.relu(x)), y)],
    ['select(x0 <= 0, 1, 2)', add(x, activations.relu(x))],
  ])('gives %s', (text, expression) => {
    expect(printed(expression)).toBe(text);
  });

  it('is finite and right for ELU and SELU far out and at zeros', () => {
    const elu = differentiate(activations.elu(x, 1.5), 0)!;
    const selu = differentiate(activations.selu(x), 0)!;
    const { seluAlpha, seluLambda } = activations;
    for (const precision of ['f64', 'f32'] as const) {
      expect(evaluate(elu, [100], precision)).toBe(1);
      expect(evaluate(elu, [0], precision)).toBe(1.5);
      expect(evaluate(elu, [-0], precision)).toBe(1.5);
      expect(evaluate(elu, [-100], precision)).toBeCloseTo(0, 40);
      expect(evaluate(selu, [100], precision)).toBe(precision === 'f64' ? seluLambda : Math.fround(seluLambda));
      expect(evaluate(selu, [0], precision)).toBeCloseTo(seluLambda * seluAlpha, 6);
      expect(evaluate(selu, [-0], precision)).toBeCloseTo(seluLambda * seluAlpha, 6);
    }
  });

  it('never multiplies a zero branch, however often it is nested', () => {
    let expression = activations.relu(x);
    for (let depth = 0; depth < 3; depth++) expression = mul(y, activations.relu(expression));
    expect(evaluate(differentiate(expression, 0)!, [-1, Infinity])).toBe(0);
  });

  it('stays small on a shared graph and takes deep chains', () => {
    let shared: Expr = x;
    for (let depth = 0; depth < 60; depth++) shared = select(greater(shared, 1), mul(shared, shared), tanh(shared));
    expect(linearize(differentiate(shared, 0)!).steps.length).toBeLessThan(60 * 12);
    let chain: Expr = x;
    for (let depth = 0; depth < 20_000; depth++) chain = tanh(chain);
    expect(differentiate(chain, 0)).toBeDefined();
  });

  it('never throws and gives f32, whatever the expression', () => {
    fc.assert(
      fc.property(expressions, inputValues, fc.constantFrom(0, 1, 2), (expression, inputs, index) => {
        const derivative = differentiate(expression, index);
        if (derivative === undefined) return;
        expect(expression.type).toBe('f32');
        expect(derivative.type).toBe('f32');
        expect(evaluate(derivative, inputs)).toBeTypeOf('number');
      }),
    );
  });
});

describe('pullback', () => {
  it('puts the cotangent into the branches', () => {
    expect(printExpr(pullback(activations.relu(x), 0, y)!)).toBe('select(x0 <= 0, 0, x1)');
    expect(printExpr(pullback(activations.elu(x, 1.5), 0, y)!)).toBe('select(x0 > 0, x1, x1 * (1.5 * exp(x0)))');
    expect(pullback(floor(x), 0, y)).toBeUndefined();
  });
});
