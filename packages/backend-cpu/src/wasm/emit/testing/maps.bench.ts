// Nanoseconds per element of compiled maps on one thread, next to the block evaluator of core: `vitest bench --run src/wasm/emit`.
import { NdArray, scalar, sizeOf } from '@nn/core';
import type { Expr, Shape } from '@nn/core';
import { bench, describe } from 'vitest';
import type { MapRun } from './runner.ts';
import { prepare } from './runner.ts';

interface Case extends MapRun {
  readonly name: string;
}

const [x, y, z] = [scalar.input(0, 'f32'), scalar.input(1, 'f32'), scalar.input(2, 'f32')];

function arrayOf(shape: Shape, seed: number): NdArray {
  return new NdArray(
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => 3 * Math.sin(index * seed)),
    shape,
    'f32',
  );
}

function unaryCase(name: string, expression: Expr, size: number): Case {
  return { name, expressions: [expression], inputs: [arrayOf([size], 12.9898), arrayOf([size], 7.3)], shape: [size] };
}

const elu = scalar.elu(x);

/** An Adam update of 235 thousand parameters: parameter, gradient, two averages; step size and root of the bias correction. */
const adam: Case = (() => {
  const [parameter, gradient, m, v, stepSize, root] = [0, 1, 2, 3, 4, 5].map((index) => scalar.input(index, 'f32')) as [
    Expr,
    Expr,
    Expr,
    Expr,
    Expr,
    Expr,
  ];
  const newM = scalar.add(scalar.mul(0.9, m), scalar.mul(0.1, gradient));
  const newV = scalar.add(scalar.mul(0.999, v), scalar.mul(0.001, scalar.mul(gradient, gradient)));
  const deviation = scalar.add(scalar.div(scalar.sqrt(newV), root), 1e-8);
  const size = 235_000;
  return {
    name: 'adam, 235k',
    expressions: [newM, newV, scalar.sub(parameter, scalar.div(scalar.mul(stepSize, newM), deviation))],
    inputs: [...[1.1, 1.3, 1.7, 0].map((seed) => arrayOf([size], seed)), arrayOf([], 1), arrayOf([], 1)],
    shape: [size],
    inPlace: { 0: 2, 1: 3, 2: 0 },
  };
})();

const million = 2 ** 20;
const cases: readonly Case[] = [
  unaryCase('elu forward, 1M', elu, million),
  unaryCase('elu backward, 1M', scalar.simplify(scalar.pullback(elu, 0, y) ?? y), million),
  unaryCase('relu, 1M', scalar.relu(x), million),
  {
    name: 'scale, shift, relu [512, 1024]',
    expressions: [scalar.relu(scalar.add(scalar.mul(x, y), z))],
    inputs: [arrayOf([512, 1024], 3.1), arrayOf([1, 1024], 5.3), arrayOf([1, 1024], 7.7)],
    shape: [512, 1024],
  },
  {
    name: 'add bias [12800, 10]',
    expressions: [scalar.add(x, y)],
    inputs: [arrayOf([12800, 10], 3.1), arrayOf([1, 10], 5.3)],
    shape: [12800, 10],
  },
  adam,
  ...(['exp', 'expm1', 'log', 'log1p', 'tanh', 'sigmoid', 'erf', 'sin'] as const).map((name) =>
    unaryCase(`${name}, 64k`, scalar.unary(name, x), 2 ** 16),
  ),
  unaryCase('pow, 64k', scalar.pow(x, y), 2 ** 16),
];

for (const { name, ...run } of cases) {
  describe(name, () => {
    const { run: compute } = prepare(run);
    bench('compiled', compute);
    bench('blocks of core', blocks(run));
  });
}

/** The same by core's block evaluator: one program per output. */
function blocks({ expressions, inputs, shape }: MapRun): () => void {
  const programs = expressions.map((expression) => scalar.compileBlocks(expression));
  const outputs = expressions.map(() => new Float32Array(sizeOf(shape)));
  const [rows, columns] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
  const operands = inputs.map((input) => {
    const isRow = input.shape.length === 2 && input.shape[0] === 1;
    const isScalar = input.shape.length === 0;
    return { data: input.data, offset: 0, rowStride: isRow || isScalar ? 0 : columns, columnStride: isScalar ? 0 : 1 };
  });
  return () => programs.forEach((program, index) => program.run(operands, outputs[index]!, 0, rows, columns));
}
