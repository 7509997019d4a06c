// The tensor object: a slot of a trace whose methods are the authoring functions.
import type { DType, TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { Shape } from '../array/shape.ts';
import { TraceError } from '../errors/errors.ts';
import type { Slot } from '../program/program.ts';
import type { Operand, Tensor } from '../program/tensor.ts';
import { traced } from '../program/tensor.ts';
import { abs, add, cast, div, exp, log, mul, neg, sqrt, square, sub, tanh } from './elementwise.ts';
import { matmul } from './products.ts';
import type { ReduceOptions } from './reductions.ts';
import { max, mean, sum } from './reductions.ts';
import { reshape, transpose } from './shaping.ts';

type Axes = number | readonly number[];

/** The one implementation of {@link Tensor}. */
export class TracedTensor implements Tensor {
  readonly [traced]: { readonly owner: object; readonly slot: Slot };
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(owner: object, slot: Slot, spec: TensorSpec) {
    this[traced] = { owner, slot };
    this.shape = spec.shape;
    this.dtype = spec.dtype;
  }

  add(other: Operand): Tensor {
    return add(this, other);
  }
  sub(other: Operand): Tensor {
    return sub(this, other);
  }
  mul(other: Operand): Tensor {
    return mul(this, other);
  }
  div(other: Operand): Tensor {
    return div(this, other);
  }
  neg(): Tensor {
    return neg(this);
  }
  square(): Tensor {
    return square(this);
  }
  sqrt(): Tensor {
    return sqrt(this);
  }
  exp(): Tensor {
    return exp(this);
  }
  log(): Tensor {
    return log(this);
  }
  abs(): Tensor {
    return abs(this);
  }
  tanh(): Tensor {
    return tanh(this);
  }
  sum(axes?: Axes, options?: ReduceOptions): Tensor {
    return sum(this, axes, options);
  }
  mean(axes?: Axes, options?: ReduceOptions): Tensor {
    return mean(this, axes, options);
  }
  max(axes?: Axes, options?: ReduceOptions): Tensor {
    return max(this, axes, options);
  }
  matmul(other: Tensor): Tensor {
    return matmul(this, other);
  }
  reshape(shape: Shape): Tensor {
    return reshape(this, shape);
  }
  transpose(order?: readonly number[]): Tensor {
    return transpose(this, order);
  }
  cast(dtype: Exclude<DType, 'u8'>): Tensor {
    return cast(this, dtype);
  }

  [Symbol.toPrimitive](hint: string): never {
    throw new TraceError(
      `A traced tensor ${specText(this)} was used as a ${hint === 'string' ? 'string' : 'number'}. JavaScript operators do not work on tensors: ` +
        'write a.add(b), a.sub(b), a.mul(b), a.div(b) instead of a + b, a - b, a * b, a / b.',
    );
  }

  toString(): string {
    return `Tensor ${specText(this)}`;
  }
}
