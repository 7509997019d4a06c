// `reduce` as loops: sums and products in float64, whatever the length; integers wrap; NaN propagates.
import type { ReduceAttrs, ReduceKind, TypedArray } from '@nn/core';
import { mergeAxes, sizeOf, stridesOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { offsetsOf } from '../loops/offsets.ts';
import type { HostRuntime } from './hostRuntime.ts';

interface Reduction {
  readonly start: number;
  /** Adds `count` neighbours of x from `from` on to one total. */
  readonly along: (totals: TypedArray, at: number, x: TypedArray, from: number, count: number) => void;
  /** Adds them to as many totals. */
  readonly across: (totals: TypedArray, at: number, x: TypedArray, from: number, count: number) => void;
}

/** Loops from what two elements make. Sums have loops of their own, which engines make three times as fast. */
function loopsOf(start: number, combine: (total: number, value: number) => number): Reduction {
  return {
    start,
    along(totals, at, x, from, count) {
      let total = totals[at]!;
      for (let n = 0; n < count; n++) total = combine(total, x[from + n]!);
      totals[at] = total;
    },
    across(totals, at, x, from, count) {
      for (let n = 0; n < count; n++) totals[at + n] = combine(totals[at + n]!, x[from + n]!);
    },
  };
}

const sum: Reduction = {
  start: 0,
  along(totals, at, x, from, count) {
    let total = totals[at]!;
    for (let n = 0; n < count; n++) total += x[from + n]!;
    totals[at] = total;
  },
  across(totals, at, x, from, count) {
    for (let n = 0; n < count; n++) totals[at + n]! += x[from + n]!;
  },
};

const reductions: Readonly<Record<'f32' | 'i32', Readonly<Record<ReduceKind, Reduction>>>> = {
  f32: {
    sum,
    prod: loopsOf(1, (a, b) => a * b),
    max: loopsOf(-Infinity, (a, b) => Math.max(a, b)),
    min: loopsOf(Infinity, (a, b) => Math.min(a, b)),
  },
  i32: {
    // Integers below 2^31 added up in float64 are exact for two million of them; wrapping at each step is exact for all.
    sum: loopsOf(0, (a, b) => (a + b) | 0),
    prod: loopsOf(1, Math.imul),
    max: loopsOf(-(2 ** 31), (a, b) => Math.max(a, b)),
    min: loopsOf(2 ** 31 - 1, (a, b) => Math.min(a, b)),
  },
};

export function hostReduce(runtime: HostRuntime): Prepare<ReduceAttrs> {
  return ({ attrs: { kind, axes }, inputs: [input], outputs: [output] }) => {
    const { shape, dtype } = output!;
    const { start, along, across } = reductions[dtype === 'i32' ? 'i32' : 'f32'][kind];
    const totalStrides = stridesOf(shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
    const { shape: extents, strides } = mergeAxes({ shape: input!.shape, strides: [stridesOf(input!.shape), totalStrides] });
    const count = extents.at(-1) ?? 1;
    const combine = (strides[1]!.at(-1) ?? 0) === 0 ? along : across;
    const places = input!.shape.includes(0) ? new Int32Array(0) : offsetsOf(extents.slice(0, -1), strides[1]!.slice(0, -1));
    const size = sizeOf(shape);
    return (scope, [x]) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      const values = runtime.values(x!);
      const totals = dtype === 'i32' ? new Int32Array(size) : new Float64Array(size);
      totals.fill(start);
      for (let row = 0; row < places.length; row++) combine(totals, places[row]!, values, row * count, count);
      runtime.values(result).set(totals);
      return [result];
    };
  };
}
