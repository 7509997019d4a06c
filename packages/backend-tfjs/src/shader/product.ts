// Small matrix products as shaders: each element of the result adds up its own products. In those of TensorFlow.js threads share what they
// read and wait for each other, and there is one program for every way in which shapes fill its tiles. That is for large products; small
// ones are over before it pays, in software a thousand times sooner.
import type { CompositeAttrs, Kernel, KernelCall, MatmulAttrs, Shape, TensorSpec } from '@nn/core';
import { matrixStrides, mergeAxes, sizeOf } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import type { Compute, Prepare } from '../kernels/kernel.ts';
import { addition, inBlocks } from './blocks.ts';
import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';
import { coordinatesCode, Integers, positionCode, termCode } from './writer.ts';

/** Multiplications of a small product: some microseconds of a GPU, which starting a kernel costs too. */
const fewMultiplications = 2 ** 18;
/** Longer sums are for several threads each. */
const longestSum = 1024;

type ProductAttrs = MatmulAttrs | CompositeAttrs['linear'];

/** One kernel for small products, and another for all others. */
export function bySize<A extends ProductAttrs>(small: Kernel<Cell, A>, large: Kernel<Cell, A>): Kernel<Cell, A> {
  return (call) => (isSmall(call) ? small(call) : large(call));
}

function isSmall({ attrs, inputs: [a], outputs: [output] }: KernelCall<ProductAttrs>): boolean {
  if (output === null || output === undefined) return false;
  const sum = a!.shape.at('transposeA' in attrs && attrs.transposeA ? -2 : -1)!;
  return sum > 0 && sum <= longestSum && sizeOf(output.shape) * sum <= fewMultiplications;
}

export function shaderMatmul(runtime: ShaderRuntime): Prepare<MatmulAttrs> {
  return ({ attrs: { transposeA, transposeB }, inputs: [a, b], outputs: [output] }) =>
    product(runtime, { a: a!, b: b!, transposeA, transposeB, bias: false, shape: output!.shape });
}

/** The bias is added to the sum. */
export function shaderLinear(runtime: ShaderRuntime): Prepare<CompositeAttrs['linear']> {
  return ({ inputs: [x, kernel, bias], outputs: [output] }) =>
    product(runtime, { a: x!, b: kernel!, transposeA: false, transposeB: false, bias: bias !== undefined, shape: output!.shape });
}

interface Product extends MatmulAttrs {
  readonly a: TensorSpec;
  readonly b: TensorSpec;
  /** One number for each column is a third operand. */
  readonly bias: boolean;
  /** Of the result. */
  readonly shape: Shape;
}

/** One program for all products of as many axes, once neighbours are joined that all operands step through as through one. */
function product(runtime: ShaderRuntime, { a, b, transposeA, transposeB, bias, shape }: Product): Compute {
  const batch = shape.slice(0, -2);
  const [left, right] = [matrixStrides(a.shape, batch, transposeA), matrixStrides(b.shape, batch, transposeB)];
  const operands = [
    [...left.matrices, left.row, 0],
    [...right.matrices, 0, right.column],
    ...(bias ? [[...batch.map(() => 0), 0, 1]] : []),
  ];
  const loops = mergeAxes({ shape, strides: operands });
  const integers = new Integers();
  const extents = loops.shape.map((extent) => integers.given(extent));
  const strides = loops.strides.map((list) => list.map((stride) => integers.given(stride)));
  const [sum, alongRow, downColumn] = [a.shape.at(transposeA ? -2 : -1)!, left.column, right.row].map((value) => integers.given(value));
  const start = { kind: 'literal', value: 0 } as const;
  const call: ShaderCall = {
    shape,
    dtype: 'float32',
    integers: integers.values,
    program: {
      key: ['product', extents.length, bias].join('|'),
      inputs: operands.map(() => 'f32' as const),
      output: 'f32',
      integers: integers.values.length,
      code: (language) => {
        const [row, column, offset] = strides.map((list) => positionCode(start, list, language));
        const factors = [
          language.read(0, `row + at * ${termCode(alongRow!, language)}`, 'f32'),
          language.read(1, `column + at * ${termCode(downColumn!, language)}`, 'f32'),
        ];
        const statements = [
          coordinatesCode(extents, language),
          language.constant('row', 'i32', row!),
          language.constant('column', 'i32', column!),
          inBlocks(language, 'f32', addition, { count: termCode(sum!, language), value: factors.join(' * ') }),
        ];
        return { statements: statements.join('\n'), value: bias ? `total + ${language.read(2, offset!, 'f32')}` : 'total' };
      },
    },
  };
  return (scope, tensors) => [runtime.shade(scope, call, tensors)];
}
