// Checks that the ops share: number of inputs, ranks, dtypes; each names the op and what came.
import type { DType, TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import { DTypeError, ShapeError } from '../errors/errors.ts';

/** @throws ShapeError unless there are exactly `count` inputs */
export function expectInputs(op: string, inputs: readonly TensorSpec[], count: number): void {
  if (inputs.length !== count) throw new ShapeError(`${op} takes ${count} inputs, not ${inputs.length}.`, 'shape.invalid');
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

/** @throws ShapeError unless `list` has one entry per axis */
export function expectPerAxis(op: string, what: string, list: readonly number[], spec: TensorSpec): void {
  if (list.length !== spec.shape.length) {
    throw new ShapeError(`${op}: ${what} [${list.join(', ')}] has ${list.length} entries for ${specText(spec)}; one per axis is needed.`);
  }
}
