// The op table: every op of the language, one line each. Its keys type the kernel tables of backends.
import { FormatError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { conv2dInputGradientOp, conv2dKernelGradientOp, conv2dOp } from './composites/conv2d.ts';
import { linearOp } from './composites/linear.ts';
import { normalizeGradientOp, normalizeOp } from './composites/normalize.ts';
import { avgPool2dOp, maxPool2dGradientOp, maxPool2dOp } from './composites/pool2d.ts';
import { logSoftmaxOp, softmaxOp } from './composites/softmax.ts';
import { softmaxCrossEntropyGradientOp, softmaxCrossEntropyOp } from './composites/softmaxCrossEntropy.ts';
import { stopGradientOp } from './composites/stopGradient.ts';
import type { PrimitiveAttrs, PrimitiveName } from './instructions.ts';
import { concat } from './primitives/concat.ts';
import { gather } from './primitives/gather.ts';
import { iota } from './primitives/iota.ts';
import { map } from './primitives/map.ts';
import { matmul } from './primitives/matmul.ts';
import { pad } from './primitives/pad.ts';
import { reduce } from './primitives/reduce.ts';
import { reshape } from './primitives/reshape.ts';
import { scatterAdd } from './primitives/scatterAdd.ts';
import { slice } from './primitives/slice.ts';
import { transpose } from './primitives/transpose.ts';
import { uniform } from './primitives/uniform.ts';
import type { AnyOp, Composite, Primitive } from './spec.ts';

/** What every backend implements. */
export const primitives: { readonly [Name in PrimitiveName]: Primitive<Name, PrimitiveAttrs[Name]> } = {
  map,
  reduce,
  matmul,
  reshape,
  transpose,
  slice,
  concat,
  pad,
  gather,
  scatterAdd,
  iota,
  uniform,
};

/** What a backend may run as one kernel; otherwise its decomposition is run. */
export const composites = {
  linear: linearOp,
  normalize: normalizeOp,
  normalizeGradient: normalizeGradientOp,
  softmax: softmaxOp,
  logSoftmax: logSoftmaxOp,
  softmaxCrossEntropy: softmaxCrossEntropyOp,
  softmaxCrossEntropyGradient: softmaxCrossEntropyGradientOp,
  conv2d: conv2dOp,
  conv2dInputGradient: conv2dInputGradientOp,
  conv2dKernelGradient: conv2dKernelGradientOp,
  maxPool2d: maxPool2dOp,
  maxPool2dGradient: maxPool2dGradientOp,
  avgPool2d: avgPool2dOp,
  stopGradient: stopGradientOp,
};

export type CompositeName = keyof typeof composites;
export type OpName = PrimitiveName | CompositeName;

/** Attributes of a composite, by name. */
export type CompositeAttrs = {
  readonly [Name in CompositeName]: (typeof composites)[Name] extends Composite<string, infer A, string> ? A : never;
};

/** Names of a composite's outputs. */
export type CompositeOutput<Name extends CompositeName> =
  (typeof composites)[Name] extends Composite<string, infer _Attrs, infer Output> ? Output : never;

const byName: ReadonlyMap<string, AnyOp> = new Map<string, AnyOp>(
  Object.entries({ ...primitives, ...composites } as Record<string, AnyOp>),
);

/** All names, primitives first. */
export const opNames: readonly string[] = [...byName.keys()];

/** The op of that name. @throws FormatError for a name this version does not know. */
export function opNamed(name: string): AnyOp {
  const op = byName.get(name);
  if (op === undefined) throw new FormatError(`There is no op "${name}".${didYouMean(name, byName.keys())}`);
  return op;
}
