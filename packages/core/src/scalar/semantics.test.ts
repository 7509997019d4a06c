import { describe, expect, it } from 'vitest';
import type { TypedArray } from '../array/dtype.ts';
import { allocateTyped } from '../array/dtype.ts';
import { compileBlocks } from './blocks.ts';
import { constant } from './build.ts';
import { evaluate } from './evaluate.ts';
import { semanticsCases } from './semantics.ts';
import { simplify } from './simplify.ts';
import { inputsOf, substitute } from './substitute.ts';
import type { Expr } from './types.ts';

const cases = semanticsCases();

describe('the semantics table', () => {
  it.each(cases)('float64: $name', ({ expression, inputs, expected }) => {
    expect(evaluate(expression, inputs, 'f64')).toBe(expected);
  });

  it('holds in float32', () => {
    for (const { name, expression, inputs, expected } of cases) expect(evaluate(expression, inputs, 'f32'), name).toBe(expected);
  });

  it('holds for blocks of one element', () => {
    for (const { name, expression, inputs, expected } of cases) expect(blockValue(expression, inputs), name).toBe(expected);
  });

  it('holds for folded constants', () => {
    for (const { name, expression, inputs, expected } of cases) {
      const types = new Map(inputsOf(expression).map(({ index, type }) => [index, type]));
      const literals = inputs.map((value, index) => constant(value, types.get(index) ?? 'f32'));
      expect(simplify(substitute(expression, literals)), name).toEqual(constant(expected, expression.type));
    }
  });

  it('has no fact twice', () => {
    const names = cases.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

function blockValue(expression: Expr, inputs: readonly number[]): number {
  const given: { data: TypedArray; offset: number; rowStride: number; columnStride: number }[] = [];
  for (const { index, type } of inputsOf(expression)) {
    const data = allocateTyped(type, 1);
    data[0] = inputs[index]!;
    given[index] = { data, offset: 0, rowStride: 0, columnStride: 0 };
  }
  const output = allocateTyped(expression.type, 1);
  compileBlocks(expression).run(given, output, 0, 1, 1);
  return output[0]!;
}
