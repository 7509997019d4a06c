// The instruction set: the attributes of each primitive, and one typed function each that records it.
// Authoring functions (`add`, `sum`, `matmul`, …) and gradients are written in terms of these.
import type { DType } from '../array/dtype.ts';
import type { Shape } from '../array/shape.ts';
import { currentTrace } from '../program/trace.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Expr } from '../scalar/types.ts';

/** Elementwise: `expression` over the inputs, which have equal rank (rank 0 excepted) and stretch axes of size 1. */
export type MapAttrs = { readonly expression: Expr };
/** Reduces `axes` (sorted) to extent 1. sum of nothing is 0, prod 1; max and min of nothing are an error. NaN propagates. */
export type ReduceAttrs = { readonly kind: ReduceKind; readonly axes: readonly number[] };
export type ReduceKind = 'sum' | 'max' | 'min' | 'prod';
/** Product over the last two axes: [..., m, k] × [..., k, n]; leading axes stretch. A transposed operand is given as [..., k, m]. */
export type MatmulAttrs = { readonly transposeA: boolean; readonly transposeB: boolean };
export type ReshapeAttrs = { readonly shape: Shape };
/** Output axis i is input axis `order[i]`. */
export type TransposeAttrs = { readonly order: readonly number[] };
/** Elements begin, begin + step, … below end, per axis; 0 ≤ begin ≤ end ≤ extent, step ≥ 1. */
export type SliceAttrs = { readonly begin: readonly number[]; readonly end: readonly number[]; readonly step: readonly number[] };
export type ConcatAttrs = { readonly axis: number };
/** Puts `value` before (`low`), after (`high`) and `interior` times between the elements of each axis. */
export type PadAttrs = {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
};
/** x, indices i32 [n] → x with `axis` replaced by n entries. An index out of range gives NaN (f32), 0 (i32, u8) or false. */
export type GatherAttrs = { readonly axis: number };
/** updates, indices i32 [n] → zeros with `extent` along `axis`, to which each update is added; out-of-range indices add nothing. */
export type ScatterAddAttrs = { readonly axis: number; readonly extent: number };
/** i32: each element is its own index along `axis`. */
export type IotaAttrs = { readonly shape: Shape; readonly axis: number };
/** seed, step: i32 [] → f32 in [0, 1), keyed by (seed, path, call, step, index). `path` and `call` tell layers and calls apart. */
export type UniformAttrs = { readonly shape: Shape; readonly path: string; readonly call: number };

/** Attributes of every primitive, by name. */
export interface PrimitiveAttrs {
  readonly map: MapAttrs;
  readonly reduce: ReduceAttrs;
  readonly matmul: MatmulAttrs;
  readonly reshape: ReshapeAttrs;
  readonly transpose: TransposeAttrs;
  readonly slice: SliceAttrs;
  readonly concat: ConcatAttrs;
  readonly pad: PadAttrs;
  readonly gather: GatherAttrs;
  readonly scatterAdd: ScatterAddAttrs;
  readonly iota: IotaAttrs;
  readonly uniform: UniformAttrs;
}

export type PrimitiveName = keyof PrimitiveAttrs;

/** Records one primitive and returns its output. @throws the typed error of the op when the inputs do not fit. */
export function emit<Name extends PrimitiveName>(name: Name, inputs: readonly Tensor[], attrs: PrimitiveAttrs[Name]): Tensor {
  return currentTrace(name).record(name, attrs, inputs)[0]!;
}

/** Slot types inside expressions, by dtype: u8 is read as f32. */
export const scalarTypeOf = { f32: 'f32', i32: 'i32', u8: 'f32', bool: 'bool' } as const satisfies Record<DType, Expr['type']>;
