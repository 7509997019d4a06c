// Whether an array, a tensor or a variable is what was declared.
import { DTypeError, ShapeError } from '../errors/errors.ts';
import type { TensorSpec } from './dtype.ts';
import { specText } from './dtype.ts';
import { sameShape } from './shape.ts';

/**
 * @param what names `actual` in messages: `'Input "x"'`
 * @param expectation who declared `expected`: `'the program takes'`
 * @throws ShapeError, DTypeError unless both specs are the same
 */
export function expectSameSpec(actual: TensorSpec, expected: TensorSpec, what: string, expectation: string): void {
  const difference = `${what} is ${specText(actual)}, but ${expectation} ${specText(expected)}.`;
  if (!sameShape(actual.shape, expected.shape)) throw new ShapeError(difference + missingAxisHint(actual, expected));
  if (actual.dtype !== expected.dtype) throw new DTypeError(`${difference} Nothing is cast silently.`);
}

function missingAxisHint({ shape }: TensorSpec, expected: TensorSpec): string {
  if (shape.length + 1 !== expected.shape.length || !sameShape(shape, expected.shape.slice(1))) return '';
  return ` A batch needs an axis in front: reshape([1, ${shape.join(', ')}]).`;
}
