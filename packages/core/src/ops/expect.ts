// Checks that the ops share: number of inputs, ranks, dtypes, lists; each names the op and what came.
import type { DType, TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { Shape } from '../array/shape.ts';
import { normalizeAxis, shapeText } from '../array/shape.ts';
import { DTypeError, ShapeError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { currentTrace } from '../program/trace.ts';

/** The shape of what an authoring function was given. @throws TraceError for what is no tensor of the running trace */
export function shapeOf(op: string, x: Tensor): Shape {
  currentTrace(op).slotOf(x, op);
  return x.shape;
}

/** An axis of what an authoring function was given, as a non-negative number. @throws TraceError as {@link shapeOf}, ShapeError */
export function axisOf(op: string, x: Tensor, axis: number): number {
  return normalizeAxis(axis, shapeOf(op, x).length, op);
}

interface InputsByCount {
  readonly 0: readonly [];
  readonly 1: readonly [TensorSpec];
  readonly 2: readonly [TensorSpec, TensorSpec];
  readonly 3: readonly [TensorSpec, TensorSpec, TensorSpec];
}

/** The inputs. @throws ShapeError unless there are exactly `count` of them */
export function expectInputs<Count extends keyof InputsByCount>(
  op: string,
  inputs: readonly TensorSpec[],
  count: Count,
): InputsByCount[Count] {
  if (inputs.length !== count) throw new ShapeError(`${op} takes ${count} inputs, not ${inputs.length}.`, 'shape.invalid');
  return inputs as InputsByCount[Count];
}

/** @throws ShapeError unless `spec` has that rank */
export function expectRank(op: string, what: string, spec: TensorSpec, rank: number): void {
  if (spec.shape.length !== rank) {
    throw new ShapeError(`${op}: ${what} is ${specText(spec)}, but an array of rank ${rank} is needed.`);
  }
}

/** @throws DTypeError unless `spec` is of one of those dtypes */
export function expectDTypeOf(op: string, what: string, spec: TensorSpec, ...allowed: readonly DType[]): void {
  if (!allowed.includes(spec.dtype)) {
    throw new DTypeError(
      `${op}: ${what} is ${specText(spec)}, but ${allowed.join(' or ')} is needed. Convert with cast(x, '${allowed[0]}').`,
    );
  }
}

/** @throws ShapeError unless `list` is a list with one entry per axis */
export function expectPerAxis(op: string, what: string, list: readonly number[], spec: TensorSpec): void {
  if (Array.isArray(list) && list.length === spec.shape.length) return;
  const given = Array.isArray(list) ? shapeText(list) : valueText(list);
  const example = shapeText(Array.from(spec.shape.keys()));
  throw new ShapeError(
    `${op}: ${what} is ${given}, but a list with one entry per axis of ${specText(spec)} is needed, such as ${example}.`,
  );
}
