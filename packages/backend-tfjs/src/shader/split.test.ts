// Expressions in parts: each reads few inputs, and together they are the same.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';
import { expect, it } from 'vitest';
import { splitExpression } from './split.ts';

const inputs = (count: number): Expr[] => Array.from({ length: count }, (_, index) => scalar.input(index, 'f32'));
const readBy = (expression: Expr): number => scalar.inputsOf(expression).length;

/** Values of all parts, the last of which is the whole. */
function evaluateInParts(expression: Expr, limit: number, values: number[]): number {
  if (readBy(expression) <= limit) return scalar.evaluate(expression, values);
  const { part, rest } = splitExpression(expression, limit, values.length);
  expect(readBy(part)).toBeLessThanOrEqual(limit);
  return evaluateInParts(rest, limit, [...values, scalar.evaluate(part, values)]);
}

it.each([
  ['a sum', inputs(20).reduce((sum, x) => scalar.add(sum, x))],
  ['products that share their factors', inputs(9).reduce((all, x, index) => scalar.add(scalar.mul(all, x), inputs(9)[8 - index]!))],
  ['choices', inputs(12).reduce((all, x, index) => scalar.select(scalar.less(x, index), all, scalar.mul(all, x)))],
])('%s', (_, expression) => {
  const values = Array.from({ length: 20 }, (_unused, index) => Math.cos(index) + 0.5);
  for (const limit of [3, 5, 7]) expect(evaluateInParts(expression, limit, values)).toBeCloseTo(scalar.evaluate(expression, values), 12);
});
