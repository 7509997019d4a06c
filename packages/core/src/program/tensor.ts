// The symbolic tensor: a slot of the trace that is being recorded, with a shape and a dtype and no data.
import type { DType, TensorSpec } from '../array/dtype.ts';
import type { Shape } from '../array/shape.ts';
import type { Slot } from './program.ts';

/** The brand of tensors; an array on the host does not have it, so it is not accepted where a tensor is needed. */
export const traced: unique symbol = Symbol('nn traced tensor');

/** A value inside a trace. It cannot be read and need not be freed; its methods record instructions. */
export interface Tensor extends TensorSpec {
  /** The trace it belongs to, and its slot there. */
  readonly [traced]: { readonly owner: object; readonly slot: Slot };
  readonly shape: Shape;
  readonly dtype: DType;
  add(other: Operand): Tensor;
  sub(other: Operand): Tensor;
  mul(other: Operand): Tensor;
  div(other: Operand): Tensor;
  neg(): Tensor;
  square(): Tensor;
  sqrt(): Tensor;
  exp(): Tensor;
  log(): Tensor;
  abs(): Tensor;
  tanh(): Tensor;
  sum(axes?: number | readonly number[], options?: { keepDims?: boolean }): Tensor;
  mean(axes?: number | readonly number[], options?: { keepDims?: boolean }): Tensor;
  max(axes?: number | readonly number[], options?: { keepDims?: boolean }): Tensor;
  matmul(other: Tensor): Tensor;
  reshape(shape: Shape): Tensor;
  transpose(order?: readonly number[]): Tensor;
  cast(dtype: Exclude<DType, 'u8'>): Tensor;
  /** Throws a TraceError that names `add`, `mul`, …: an operator on a tensor would otherwise be a silent NaN. */
  [Symbol.toPrimitive](hint: string): never;
}

/** What elementwise authoring functions take: a tensor of this trace, or a number. */
export type Operand = Tensor | number;
