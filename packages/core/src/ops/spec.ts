// What an op is: its inference, its gradient, its definition. One record of this kind per op, collected in `table.ts`.
import type { TensorSpec } from '../array/dtype.ts';
import type { Attrs } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';

/** Attributes of an op that has none. */
export type NoAttrs = { readonly [name: string]: never };

/** One call of an op, as its gradient sees it. */
export interface VjpCall<A> {
  readonly inputs: readonly Tensor[];
  readonly attrs: A;
  /** The op's outputs; asking for a saved value of a composite makes the program keep it. */
  readonly outputs: readonly Tensor[];
  /** dL/d(output), one per output; undefined where nothing depends on that output. */
  readonly cotangents: readonly (Tensor | undefined)[];
  /** Which inputs need a gradient; work for others can be left out. */
  readonly needs: readonly boolean[];
}

/** dL/d(input), one per input, null where it is zero or not needed. */
export type InputGradients = readonly (Tensor | null)[];

/** An op that every backend implements. It has one output and never changes the rank, unless that is its purpose. */
export interface Primitive<Name extends string, A extends object> {
  readonly name: Name;
  readonly kind: 'primitive';
  /** Shape and dtype of the output. @throws ShapeError, DTypeError, ConfigError naming the op, what came and what is needed. */
  infer(inputs: readonly TensorSpec[], attrs: A): TensorSpec;
  /** The gradient, or the statement that it is zero everywhere (integers, comparisons, random bits). */
  readonly vjp: ((call: VjpCall<A> & { readonly output: Tensor; readonly cotangent: Tensor }) => InputGradients) | 'nondifferentiable';
  /** Whether its arithmetic rounds. What moves or chooses elements does not: its results are the same values on every backend. */
  readonly rounds: boolean;
}

/** An op that is worth a kernel of its own, defined by its decomposition into simpler ops. */
export interface Composite<Name extends string, A extends object, Output extends string> {
  readonly name: Name;
  readonly kind: 'composite';
  /** Names of the outputs, in their order in an instruction. The first is the result; others are values its gradient needs. */
  readonly outputNames: readonly Output[];
  /** The definition. Runs inside a trace; every output in terms of simpler ops. */
  decompose(inputs: readonly Tensor[], attrs: A): Record<Output, Tensor>;
  /** Refuses bad inputs with messages in the op's own terms, before the decomposition would in the terms of its parts. */
  check?(inputs: readonly TensorSpec[], attrs: A): void;
  /** The gradient by whole ops. Without it, or where it returns undefined for a call, the decomposition is differentiated. */
  vjp?(call: VjpCall<A>): InputGradients | undefined;
  /** Whether its arithmetic rounds. */
  readonly rounds: boolean;
}

/** Any op, its attribute type forgotten: what generic code (passes, tracing) handles. */
export type AnyOp = Primitive<string, Attrs> | Composite<string, Attrs, string>;
