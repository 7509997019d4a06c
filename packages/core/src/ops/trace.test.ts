// Tracing: what is recorded, and the mistakes people make with symbolic tensors.
import { expect, test } from 'vitest';
import { ndarray } from '../array/ndarray.ts';
import type { Tensor } from '../program/tensor.ts';
import { printProgram } from '../program/text.ts';
import { add, elementwise, mul, where } from './elementwise.ts';
import { matmul } from './products.ts';
import { argMax, logSumExp, mean, sum } from './reductions.ts';
import { constant, oneHot, reshape, slice } from './shaping.ts';
import { trace } from './trace.ts';

const vector = { shape: [3], dtype: 'f32' } as const;

test('operands align from the right and numbers become constants of the expression', () => {
  const program = trace({ a: { shape: [2, 3], dtype: 'f32' }, b: vector }, ({ a, b }) => a.mul(2).add(b).div(a));
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "%0 = input "a" : f32[2, 3]
    %1 = input "b" : f32[3]
    %2 = map(%0) { x0 * 2 } : f32[2, 3]
    %3 = reshape(%1) { shape: [1, 3] } : f32[1, 3]
    %4 = map(%2, %3) { x0 + x1 } : f32[2, 3]
    %5 = map(%4, %0) { x0 / x1 } : f32[2, 3]
    output "output" = %5"
  `);
});

test('reductions keep their axes inside and drop them outside', () => {
  const program = trace({ a: { shape: [2, 3], dtype: 'f32' } }, ({ a }) => ({
    total: sum(a),
    rows: mean(a, -1),
    kept: a.max(0, { keepDims: true }),
  }));
  const shapes = Object.values(program.outputs).map((slot) => program.slots[slot]!.shape);
  expect(shapes).toEqual([[], [2], [1, 3]]);
});

test('matmul aligns batch axes, oneHot, argMax and logSumExp have the shapes their names say', () => {
  const program = trace(
    { a: { shape: [2, 1, 3, 4], dtype: 'f32' }, b: { shape: [5, 4, 6], dtype: 'f32' }, c: { shape: [7], dtype: 'i32' } },
    ({ a, b, c }) => ({
      product: matmul(a, b),
      coded: oneHot(c, 4),
      best: argMax(a, 2),
      lse: logSumExp(b, 0),
      tail: slice(b, [0, -1, 0]),
    }),
  );
  const specs = Object.values(program.outputs).map((slot) => program.slots[slot]!);
  expect(specs.map(({ shape }) => shape)).toEqual([
    [2, 5, 3, 6],
    [7, 4],
    [2, 1, 4],
    [4, 6],
    [5, 1, 6],
  ]);
  expect(specs[2]!.dtype).toBe('i32');
});

test('an operator on a tensor throws and names the method', () => {
  trace({ x: vector }, ({ x }) => {
    expect(() => (x as never as number) * 2).toThrow(/write a\.add\(b\)/);
    expect(() => `a tensor: ${x as never as string}`).toThrow(/do not work on tensors/);
    return x;
  });
});

test('a host array in place of a tensor says how to put it in', () => {
  expect(() => trace({ x: vector }, ({ x }) => add(x, ndarray([1, 2, 3]) as never as Tensor))).toThrow(/constant\(array\)/);
  const program = trace({ x: vector }, ({ x }) => add(x, constant(ndarray([1, 2, 3]))));
  expect(Object.values(program.constants)[0]!.toArray()).toEqual([1, 2, 3]);
});

test('a tensor of another trace is refused', () => {
  let kept: Tensor | undefined;
  trace({ x: vector }, ({ x }) => (kept = x));
  expect(() => trace({ y: vector }, ({ y }) => add(y, kept!))).toThrow(expect.objectContaining({ code: 'trace.foreign-tensor' }));
  trace({ z: vector }, ({ z }) => {
    expect(() => trace({ w: vector }, ({ w }) => add(w, z))).toThrow(expect.objectContaining({ code: 'trace.foreign-tensor' }));
    return add(z, z);
  });
});

test('operations outside of a trace say what to do instead', () => {
  expect(() => constant(ndarray(1))).toThrow(/run\(backend, fn/);
});

test('an async function cannot be traced', () => {
  expect(() => trace({ x: vector }, (async ({ x }: { x: Tensor }) => x) as never)).toThrow(/Tracing is synchronous/);
});

test('numbers must fit the dtype of their partner', () => {
  trace({ i: { shape: [2], dtype: 'i32' } }, ({ i }) => {
    expect(() => mul(i, 0.5)).toThrow(/cannot hold it/);
    expect(() => where(i, 1, 2)).toThrow(/bool is needed/);
    return mul(i, 2);
  });
});

test('where selects and does not multiply', () => {
  const program = trace({ x: vector }, ({ x }) =>
    where(
      elementwise((e) => ({ kind: 'compare', name: 'less', a: e, b: e, type: 'bool' }), x),
      x,
      1,
    ),
  );
  expect(printProgram(program)).toContain('select(x0, x1, 1)');
});

test('reshape resolves one open extent', () => {
  const program = trace({ x: { shape: [2, 6], dtype: 'f32' } }, ({ x }) => reshape(x, [3, -1]));
  expect(program.slots[program.outputs['output']!]!.shape).toEqual([3, 4]);
  expect(() => trace({ x: vector }, ({ x }) => reshape(x, [-1, -1]))).toThrow(/more than one extent open/);
});

test('with debug, instructions remember the line that asked for them', () => {
  const program = trace({ x: vector }, ({ x }) => x.exp(), { debug: true });
  expect(program.instrs[0]).toHaveProperty('op', 'map');
  expect(trace({ x: vector }, ({ x }) => x.exp()).instrs[0]).not.toHaveProperty('source');
});
