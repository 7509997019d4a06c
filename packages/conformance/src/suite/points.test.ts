// What a device without infinities and subnormals is asked at extreme points.
import { referenceKernels } from '@nn/backend-reference';
import type { Backend, Capabilities, Expr } from '@nn/core';
import { hostDevice, kernelBackend, scalar } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { calls } from '../mutants/mutant.ts';
import { checkPoints } from './points.ts';
import { rewritten } from './rewrite.ts';

const capabilities: Capabilities = {
  precision: 'f32',
  strictFloat: false,
  subnormals: false,
  exactIntegers: true,
  accuracy: 'shader',
  threads: 1,
};

/** float32, with nodes that `change` replaces. */
function device(change: (node: Expr) => Expr = (node) => node): Backend {
  const { map } = referenceKernels;
  const kernels = {
    ...referenceKernels,
    map: (call: Parameters<typeof map>[0]) => map({ ...call, attrs: { expression: rewritten(call.attrs.expression, change) } }),
  };
  return kernelBackend('device', capabilities, hostDevice(), kernels, { optimize: false });
}

const [a, b] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];
const check = (expression: Expr, at: readonly [number, number], change?: (node: Expr) => Expr) =>
  checkPoints({ expression, inputs: [[at[0]], [at[1]]] }, { backend: device(change), factor: 4 });

describe('checkPoints', () => {
  it.each<[string, Expr, readonly [number, number], (node: Expr) => Expr]>([
    [
      'a sine far away, on one side of a comparison',
      scalar.select(scalar.equal(a, b), scalar.mul(a, scalar.sin(b)), scalar.exp(a)),
      [1e38, 1e38],
      (node) => (calls.unary(node, 'sin') ? scalar.constant(1) : node),
    ],
    [
      'a quotient by what may be zero',
      scalar.div(a, b),
      [1e-5, -1e-40],
      (node) => (node.kind === 'binary' ? scalar.constant(-Infinity) : node),
    ],
    [
      'a remainder whose quotient overflows',
      scalar.mod(a, b),
      [1e38, 1e-5],
      (node) => (node.kind === 'binary' ? scalar.constant(-Infinity) : node),
    ],
    ['a remainder whose quotient is flushed', scalar.mod(a, b), [1e-5, -1e38], (node) => (node.kind === 'binary' ? node.a : node)],
  ])('does not judge %s', async (_, expression, at, change) => {
    expect((await check(expression, at, change)).reason).toBeUndefined();
  });

  it('judges what is in range', async () => {
    const off = (node: Expr): Expr => (node.kind === 'binary' ? scalar.mul(node, 1.01) : node);
    expect((await check(scalar.div(a, b), [1e-5, 3], off)).reason).toContain('is expected');
    expect((await check(scalar.mod(a, b), [7, 3], off)).reason).toContain('is expected');
  });
});
