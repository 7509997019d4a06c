import { describe, expect, it } from 'vitest';
import { elu, gelu, geluTanh, leakyRelu, relu, selu, silu, softplus } from './activations.ts';
import { input } from './build.ts';
import { evaluate } from './evaluate.ts';
import type { Expr } from './types.ts';

const x = input(0, 'f32');

// Values at 1 and −1.5, computed with 40 digits.
const known: Readonly<Record<string, readonly [Expr, number, number]>> = {
  relu: [relu(x), 1, 0],
  leakyRelu: [leakyRelu(x), 1, -0.015],
  elu: [elu(x), 1, -0.7768698398515702],
  selu: [selu(x), 1.0507009873554805, -1.3658143533672527],
  softplus: [softplus(x), 1.3132616875182228, 0.2014132779827524],
  silu: [silu(x), 0.7310585786300049, -0.2736382857095345],
  gelu: [gelu(x), 0.8413447460685429, -0.1002108019032871],
  geluTanh: [geluTanh(x), 0.8411919906082767, -0.10042842301976708],
};

describe('activations', () => {
  it.each(Object.entries(known))('%s has its values', (_name, [expression, atOne, below]) => {
    expect(evaluate(expression, [1])).toBeCloseTo(atOne, 14);
    expect(evaluate(expression, [-1.5])).toBeCloseTo(below, 14);
  });
});
