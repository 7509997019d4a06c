// Kernels that move elements and compute nothing: `transpose`, `slice`, `pad` and `concat` are one loop over two arrays.
import type { ConcatAttrs, PadAttrs, Shape, SliceAttrs, TransposeAttrs, TypedArray } from '@nn/core';
import { mergeAxes, stridesOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { offsetsOf } from '../loops/offsets.ts';
import type { HostRuntime } from './hostRuntime.ts';

interface Walk {
  readonly start: number;
  readonly strides: readonly number[];
}

/** Copies the elements that `from` and `to` walk over `shape`. */
function copier(shape: Shape, from: Walk, to: Walk): (source: TypedArray, target: TypedArray) => void {
  if (shape.includes(0)) return () => undefined;
  const { shape: extents, strides } = mergeAxes({ shape, strides: [from.strides, to.strides] });
  const [sourceStrides, targetStrides] = strides as [readonly number[], readonly number[]];
  const count = extents.at(-1) ?? 1;
  const [sourceStep, targetStep] = [sourceStrides.at(-1) ?? 1, targetStrides.at(-1) ?? 1];
  const rows = extents.slice(0, -1);
  const sources = offsetsOf(rows, sourceStrides.slice(0, -1), from.start);
  const targets = offsetsOf(rows, targetStrides.slice(0, -1), to.start);
  const dense = sourceStep === 1 && targetStep === 1 && count >= 32;
  return (source, target) => {
    for (let row = 0; row < sources.length; row++) {
      let read = sources[row]!;
      let write = targets[row]!;
      if (dense) {
        target.set(source.subarray(read, read + count), write);
      } else {
        for (let n = 0; n < count; n++, read += sourceStep, write += targetStep) target[write] = source[read]!;
      }
    }
  };
}

const dense = (shape: Shape): Walk => ({ start: 0, strides: stridesOf(shape) });

const dot = (counts: readonly number[], strides: readonly number[]): number =>
  counts.reduce((sum, count, axis) => sum + count * strides[axis]!, 0);

export function hostTranspose(runtime: HostRuntime): Prepare<TransposeAttrs> {
  return moving(runtime, ({ order }, input, output) => {
    const strides = stridesOf(input);
    return copier(output, { start: 0, strides: order.map((axis) => strides[axis]!) }, dense(output));
  });
}

export function hostSlice(runtime: HostRuntime): Prepare<SliceAttrs> {
  return moving(runtime, ({ begin, step }, input, output) => {
    const strides = stridesOf(input);
    return copier(output, { start: dot(begin, strides), strides: strides.map((stride, axis) => stride * step[axis]!) }, dense(output));
  });
}

export function hostPad(runtime: HostRuntime): Prepare<PadAttrs> {
  return moving(runtime, ({ low, interior, value }, input, output) => {
    const strides = stridesOf(output);
    const place = { start: dot(low, strides), strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)) };
    const copy = copier(input, dense(input), place);
    return (source, target) => {
      target.fill(value);
      copy(source, target);
    };
  });
}

/** A kernel of one input from what copies its elements. */
function moving<A>(
  runtime: HostRuntime,
  prepare: (attrs: A, input: Shape, output: Shape) => (source: TypedArray, target: TypedArray) => void,
): Prepare<A> {
  return ({ attrs, inputs: [input], outputs: [output] }) => {
    const { shape, dtype } = output!;
    const copy = prepare(attrs, input!.shape, shape);
    return (scope, [x]) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      copy(runtime.values(x!), runtime.values(result));
      return [result];
    };
  };
}

export function hostConcat(runtime: HostRuntime): Prepare<ConcatAttrs> {
  return ({ attrs: { axis }, inputs, outputs: [output] }) => {
    const { shape, dtype } = output!;
    const strides = stridesOf(shape);
    let along = 0;
    const copies = inputs.map((input) => {
      const start = along * strides[axis]!;
      along += input.shape[axis]!;
      return copier(input.shape, dense(input.shape), { start, strides });
    });
    return (scope, tensors) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      tensors.forEach((tensor, index) => copies[index]!(runtime.values(tensor), runtime.values(result)));
      return [result];
    };
  };
}
