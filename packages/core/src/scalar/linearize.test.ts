import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, constant, exp, input, mul, select, greater } from './build.ts';
import { linearize, stepKey } from './linearize.ts';
import { expressions } from './testing/arbitraries.ts';
import { operandsOf } from './traverse.ts';
import type { Expr } from './types.ts';

const x = input(0, 'f32');

describe('linearize', () => {
  it('gives operands before their readers, in reading order, the result last', () => {
    expect(linearize(add(mul(2, x), exp(x)))).toEqual({
      steps: [
        { kind: 'const', value: 2, type: 'f32' },
        { kind: 'input', index: 0, type: 'f32' },
        { kind: 'binary', name: 'mul', a: 0, b: 1, type: 'f32' },
        { kind: 'unary', name: 'exp', x: 1, type: 'f32' },
        { kind: 'binary', name: 'add', a: 2, b: 3, type: 'f32' },
      ],
      result: 4,
    });
  });

  it('has only earlier operands, no step twice and none unused', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const { steps, result } = linearize(expression);
        expect(result).toBe(steps.length - 1);
        expect(new Set(steps.map(stepKey)).size).toBe(steps.length);
        steps.forEach((step, index) => {
          for (const operand of operandsOf<number>(step)) expect(operand).toBeLessThan(index);
        });
        const used = new Set([result, ...steps.flatMap((step) => operandsOf<number>(step))]);
        expect(used.size).toBe(steps.length);
      }),
    );
  });

  it('computes equal trees once', () => {
    const tree = (): Expr => exp(mul(input(0, 'f32'), 3));
    expect(linearize(add(tree(), tree())).steps.length).toBe(5);
  });

  it('tells −0 from 0, keeps NaN one value, and tells constants of different types apart', () => {
    expect(linearize(add(constant(0), constant(-0))).steps.length).toBe(3);
    expect(linearize(add(constant(NaN), constant(NaN))).steps.length).toBe(2);
    expect(linearize(select(constant(1, 'bool'), 1, 1)).steps.length).toBe(3);
  });

  it('is linear in a shared graph of depth 60 and takes depth 100000', () => {
    let shared: Expr = x;
    for (let depth = 0; depth < 60; depth++) shared = select(greater(shared, 0), shared, mul(shared, shared));
    expect(linearize(shared).steps.length).toBe(2 + 60 * 3);
    let chain: Expr = x;
    for (let depth = 0; depth < 100_000; depth++) chain = add(chain, x);
    expect(linearize(chain).steps.length).toBe(100_001);
  });
});
