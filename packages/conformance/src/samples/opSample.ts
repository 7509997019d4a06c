// What a sample of an op is.
import type { Attrs, CompositeAttrs, CompositeName, NdArray, OpName, PrimitiveAttrs, PrimitiveName, Tensor } from '@nn/core';

/** Attributes of an op, by its name. */
export type AttrsOf<Name extends OpName> = Name extends PrimitiveName
  ? PrimitiveAttrs[Name]
  : Name extends CompositeName
    ? CompositeAttrs[Name]
    : never;

/** One call of an op. */
export interface OpSample<A = Attrs> {
  readonly title: string;
  readonly attrs: A;
  readonly inputs: readonly NdArray[];
  /** For results that mean something together only: what of them is looked at. */
  readonly combine?: (results: readonly Tensor[]) => readonly Tensor[];
  /** Inputs that it is smooth in; all f32 ones by default. */
  readonly differentiatedBy?: readonly number[];
  /** The gradient is zero whatever the derivative is, on purpose. */
  readonly stopsGradient?: boolean;
}

/** Samples of every op: one that is missing does not compile. */
export type OpSamples = { readonly [Name in OpName]: readonly OpSample<AttrsOf<Name>>[] };

/** Samples of some ops. */
export type SomeSamples = Partial<OpSamples>;
