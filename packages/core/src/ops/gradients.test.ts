// The structure of recorded gradients. Their numbers are checked against finite differences by the conformance package.
import { expect, test } from 'vitest';
import { optimize } from '../passes/optimize.ts';
import { lower } from '../passes/lower.ts';
import { validate } from '../passes/validate.ts';
import { printProgram } from '../program/text.ts';
import type { Program } from '../program/program.ts';
import * as scalar from '../scalar/index.ts';
import { linear } from './composites/linear.ts';
import { normalize } from './composites/normalize.ts';
import { softmaxCrossEntropy } from './composites/softmaxCrossEntropy.ts';
import { stopGradient } from './composites/stopGradient.ts';
import { elementwise } from './elementwise.ts';
import { grad, gradients, valueAndGrad } from './gradients.ts';
import { trace } from './trace.ts';

const vector = { shape: [3], dtype: 'f32' } as const;
const opsOf = (program: Program): string[] => program.instrs.map(({ op }) => op);

test('composites are differentiated whole, so that training reaches fused kernels', () => {
  const specs = {
    x: { shape: [4, 3], dtype: 'f32' },
    kernel: { shape: [3, 2], dtype: 'f32' },
    gamma: { shape: [1, 2], dtype: 'f32' },
    target: { shape: [4], dtype: 'i32' },
  } as const;
  const program = optimize(
    lower(
      trace(specs, ({ x, kernel, gamma, target }) => {
        const { y } = normalize(linear(x, kernel), gamma, gamma, { axes: [0], epsilon: 1e-5 });
        const [dKernel] = gradients(softmaxCrossEntropy(y, target).mean(), [kernel]);
        return dKernel!;
      }),
      (instr) => instr.op !== 'stopGradient',
    ),
  );
  expect(opsOf(program).filter((op) => op !== 'map' && op !== 'reshape' && op !== 'iota')).toEqual([
    'linear',
    'normalize',
    'softmaxCrossEntropy',
    'softmaxCrossEntropyGradient',
    'normalizeGradient',
    'matmul',
  ]);
  validate(program);
});

test('the derivative is taken on the expression: elu has no exp where x is positive', () => {
  const program = optimize(trace({ x: vector }, ({ x }) => gradients(elementwise((e) => scalar.elu(e, 1.5), x).sum(), [x])[0]!));
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "%0 = input "x" : f32[3]
    %1 = constant f32[] 1
    %2 = reshape(%1) { shape: [1] } : f32[1]
    %3 = iota() { shape: [3], axis: 0 } : i32[3]
    %4 = map(%0, %2, %3) { select(x0 > 0, x1, x1 * (1.5 * exp(x0))) } : f32[3]
    output "output" = %4"
  `);
});

test('what the scalar does not depend on gets zeros', () => {
  const program = trace({ x: vector, unused: { shape: [2, 2], dtype: 'f32' } }, ({ x, unused }) => {
    const [dx, dUnused] = gradients(x.sum(), [x, unused]);
    return { dx: dx!, dUnused: dUnused! };
  });
  expect(program.slots[program.outputs['dUnused']!]!.shape).toEqual([2, 2]);
  expect(
    Object.values(program.constants)
      .map((value) => value.item())
      .toSorted((a, b) => a - b),
  ).toEqual([0, 1]);
});

test('no gradient flows through stopGradient, and it lowers to nothing', () => {
  const program = trace({ x: vector }, ({ x }) => gradients(stopGradient(x).mul(x).sum(), [x])[0]!);
  const lowered = optimize(lower(program, () => false));
  expect(opsOf(lowered)).not.toContain('stopGradient');
  expect(printProgram(lowered)).toMatchInlineSnapshot(`
    "%0 = input "x" : f32[3]
    %1 = constant f32[] 1
    %2 = reshape(%1) { shape: [1] } : f32[1]
    %3 = iota() { shape: [3], axis: 0 } : i32[3]
    %4 = map(%0, %2, %3) { x1 * x0 } : f32[3]
    output "output" = %4"
  `);
});

test('gradients of gradients', () => {
  const cubic = grad((x) => x.mul(x).mul(x).sum());
  const program = optimize(trace({ x: vector }, (inputs) => grad((x) => cubic(x).sum())(inputs.x)));
  validate(program);
  expect(program.slots[program.outputs['output']!]!.shape).toEqual([3]);
});

test('valueAndGrad gives both', () => {
  const program = trace({ x: vector }, ({ x }) => valueAndGrad((t) => t.square().sum())(x));
  expect(Object.keys(program.outputs)).toEqual(['value', 'gradient']);
});

test('gradient instructions belong to the layer whose instruction they differentiate', () => {
  const program = trace({ x: vector }, ({ x }, owner) => gradients(owner.within('dense1', () => x.exp()).sum(), [x])[0]!);
  expect(program.instrs.filter(({ path }) => path === 'dense1').length).toBeGreaterThan(1);
});

test('refuses what has no gradient', () => {
  trace({ x: vector, i: { shape: [], dtype: 'i32' } }, ({ x, i }) => {
    expect(() => gradients(x, [x])).toThrow(/a scalar is needed/);
    expect(() => gradients(i, [x])).toThrow(/only f32 tensors have/);
    expect(() => gradients(x.sum(), [i])).toThrow(/only f32 tensors have/);
    return x;
  });
});
