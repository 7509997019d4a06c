// One kernel per primitive, each a loop that reads like its definition.
import { fillUniform, matrixStrides, operandStrides, scalar, scalarTypeOf, sizeOf, streamKey, stridesOf } from '@nn/core';
import type { Kernel, KernelTable, PrimitiveAttrs, ReduceKind, Shape, TensorSpec, TypedArray } from '@nn/core';
import { positions } from './positions.ts';

type ReferenceKernel<Name extends keyof PrimitiveAttrs> = Kernel<TypedArray, PrimitiveAttrs[Name]>;

const map: ReferenceKernel<'map'> = ({ attrs: { expression }, inputs, outputs }) => {
  const shape = outputs[0]!.shape;
  const compute = scalar.evaluator(expression, 'f64');
  const sources = inputs.map((input) => positions(shape, operandStrides(input.shape, shape)));
  return (arrays, [output]) => {
    for (let element = 0; element < output!.length; element++) {
      output![element] = compute(arrays.map((array, input) => array[sources[input]![element]!]!));
    }
  };
};

interface Reduction {
  readonly start: number;
  readonly combine: (sum: number, value: number) => number;
}

const reductions: Readonly<Record<'f32' | 'i32', Readonly<Record<ReduceKind, Reduction>>>> = {
  f32: {
    sum: { start: 0, combine: (a, b) => a + b },
    prod: { start: 1, combine: (a, b) => a * b },
    max: { start: -Infinity, combine: Math.max },
    min: { start: Infinity, combine: Math.min },
  },
  i32: {
    sum: { start: 0, combine: (a, b) => (a + b) | 0 },
    prod: { start: 1, combine: Math.imul },
    max: { start: -(2 ** 31), combine: Math.max },
    min: { start: 2 ** 31 - 1, combine: Math.min },
  },
};

const reduce: ReferenceKernel<'reduce'> = ({ attrs: { kind, axes }, inputs: [input], outputs: [result] }) => {
  const { start, combine } = reductions[input!.dtype === 'i32' ? 'i32' : 'f32'][kind];
  const strides = stridesOf(result!.shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const targets = positions(input!.shape, strides);
  return ([x], [output]) => {
    output!.fill(start);
    targets.forEach((target, element) => (output![target] = combine(output![target]!, x![element]!)));
  };
};

const matmul: ReferenceKernel<'matmul'> = ({ attrs: { transposeA, transposeB }, inputs, outputs }) => {
  const [a, b] = inputs as [TensorSpec, TensorSpec];
  const { shape } = outputs[0]!;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const batch = shape.slice(0, -2);
  const { matrices: aMatrices, row: aRow, column: aInner } = matrixStrides(a.shape, batch, transposeA);
  const { matrices: bMatrices, row: bInner, column: bColumn } = matrixStrides(b.shape, batch, transposeB);
  const [aStarts, bStarts] = [positions(batch, aMatrices), positions(batch, bMatrices)];
  return ([left, right], [output]) => {
    for (let matrix = 0; matrix < aStarts.length; matrix++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            sum += left![aStarts[matrix]! + row * aRow + k * aInner]! * right![bStarts[matrix]! + k * bInner + column * bColumn]!;
          }
          output![(matrix * rows + row) * columns + column] = sum;
        }
      }
    }
  };
};

const transpose: ReferenceKernel<'transpose'> = ({ attrs: { order }, inputs: [input], outputs: [result] }) => {
  const strides = stridesOf(input!.shape);
  return copyFrom(
    positions(
      result!.shape,
      order.map((axis) => strides[axis]!),
    ),
  );
};

const slice: ReferenceKernel<'slice'> = ({ attrs: { begin, step }, inputs: [input], outputs: [result] }) => {
  const strides = stridesOf(input!.shape);
  const offset = begin.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
  return copyFrom(
    positions(
      result!.shape,
      strides.map((stride, axis) => stride * step[axis]!),
      offset,
    ),
  );
};

/** Output element i is the input's element at `sources[i]`. */
function copyFrom(sources: Int32Array): ReturnType<Kernel<TypedArray, object>> {
  return ([x], [output]) => sources.forEach((source, element) => (output![element] = x![source]!));
}

const concat: ReferenceKernel<'concat'> = ({ attrs: { axis }, inputs, outputs: [result] }) => {
  const strides = stridesOf(result!.shape);
  let along = 0;
  const targets = inputs.map(({ shape }) => {
    const offset = along * strides[axis]!;
    along += shape[axis]!;
    return positions(shape, strides, offset);
  });
  return (arrays, [output]) => {
    arrays.forEach((array, index) => targets[index]!.forEach((target, element) => (output![target] = array[element]!)));
  };
};

const pad: ReferenceKernel<'pad'> = ({ attrs: { low, interior, value }, inputs: [input], outputs: [result] }) => {
  const strides = stridesOf(result!.shape);
  const offset = low.reduce((sum, count, axis) => sum + count * strides[axis]!, 0);
  const targets = positions(
    input!.shape,
    strides.map((stride, axis) => stride * (interior[axis]! + 1)),
    offset,
  );
  return ([x], [output]) => {
    output!.fill(value);
    targets.forEach((target, element) => (output![target] = x![element]!));
  };
};

/** An array seen as [outer, extent, inner] around one axis. */
function around(shape: Shape, axis: number): { outer: number; extent: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}

const gather: ReferenceKernel<'gather'> = ({ attrs: { axis }, inputs: [input] }) => {
  const { outer, extent, inner } = around(input!.shape, axis);
  const missing = scalarTypeOf[input!.dtype] === 'f32' && input!.dtype !== 'u8' ? NaN : 0;
  return ([x, indices], [output]) => {
    let element = 0;
    for (let o = 0; o < outer; o++) {
      for (const index of indices!) {
        const inRange = index >= 0 && index < extent;
        for (let i = 0; i < inner; i++) output![element++] = inRange ? x![(o * extent + index) * inner + i]! : missing;
      }
    }
  };
};

const scatterAdd: ReferenceKernel<'scatterAdd'> = ({ attrs: { axis, extent }, inputs: [updates] }) => {
  const { outer, inner } = around(updates!.shape, axis);
  return ([values, indices], [output]) => {
    output!.fill(0);
    let element = 0;
    for (let o = 0; o < outer; o++) {
      for (const index of indices!) {
        const inRange = index >= 0 && index < extent;
        for (let i = 0; i < inner; i++, element++) if (inRange) output![(o * extent + index) * inner + i]! += values![element]!;
      }
    }
  };
};

const iota: ReferenceKernel<'iota'> = ({ attrs: { shape, axis } }) => {
  const indices = positions(
    shape,
    shape.map((_, other) => (other === axis ? 1 : 0)),
  );
  return (_, [output]) => output!.set(indices);
};

const uniform: ReferenceKernel<'uniform'> = ({ attrs: { shape, path, call } }) => {
  const numbers = new Float32Array(sizeOf(shape));
  return ([seed, step], [output]) => {
    fillUniform(streamKey(seed![0]! >>> 0, path, call, step![0]! >>> 0), numbers);
    output!.set(numbers);
  };
};

export const kernels: KernelTable<TypedArray> = { map, reduce, matmul, transpose, slice, concat, pad, gather, scatterAdd, iota, uniform };
