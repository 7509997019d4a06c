// Ops that move elements: transpose, slice, concat, pad.
import { stridesOf } from '@nn/core';
import { rowsOf } from '../loops/axes.ts';
import { copyRows } from '../loops/copy.ts';
import type { CpuKernel } from './kernel.ts';

export const transposeKernel: CpuKernel<'transpose'> = ({ attrs: { order }, inputs, outputs }) => {
  const { shape } = outputs[0]!;
  const strides = stridesOf(inputs[0]!.shape);
  const rows = rowsOf({ shape, strides: [order.map((axis) => strides[axis]!), stridesOf(shape)] });
  return ([x], [output]) => copyRows(rows, x!, output!);
};

export const sliceKernel: CpuKernel<'slice'> = ({ attrs: { begin, step }, inputs, outputs }) => {
  const { shape } = outputs[0]!;
  const strides = stridesOf(inputs[0]!.shape);
  const rows = rowsOf({ shape, strides: [strides.map((stride, axis) => stride * step[axis]!), stridesOf(shape)] }, [
    dot(begin, strides),
    0,
  ]);
  return ([x], [output]) => copyRows(rows, x!, output!);
};

export const concatKernel: CpuKernel<'concat'> = ({ attrs: { axis }, inputs, outputs }) => {
  const strides = stridesOf(outputs[0]!.shape);
  let along = 0;
  const parts = inputs.map(({ shape }) => {
    const rows = rowsOf({ shape, strides: [stridesOf(shape), strides] }, [0, along * strides[axis]!]);
    along += shape[axis]!;
    return rows;
  });
  return (arrays, [output]) => {
    for (let part = 0; part < parts.length; part++) copyRows(parts[part]!, arrays[part]!, output!);
  };
};

export const padKernel: CpuKernel<'pad'> = ({ attrs: { low, interior, value }, inputs, outputs }) => {
  const { shape } = inputs[0]!;
  const strides = stridesOf(outputs[0]!.shape);
  const rows = rowsOf({ shape, strides: [stridesOf(shape), strides.map((stride, axis) => stride * (interior[axis]! + 1))] }, [
    0,
    dot(low, strides),
  ]);
  return ([x], [output]) => {
    output!.fill(value);
    copyRows(rows, x!, output!);
  };
};

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
