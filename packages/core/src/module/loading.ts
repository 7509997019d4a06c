// Whether a set of named arrays is what a model's variables are; every difference is listed, not only the first.
import type { NdArray } from '../array/ndarray.ts';
import { specText } from '../array/dtype.ts';
import { sameShape } from '../array/shape.ts';
import { FormatError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { VariableSpec } from './contract.ts';

const listed = 12;

/** @throws FormatError listing the arrays that are missing, extra, or of another shape or dtype */
export function checkVariables(specs: ReadonlyMap<string, VariableSpec>, arrays: ReadonlyMap<string, NdArray>, what: string): void {
  const problems: string[] = [];
  for (const [path, spec] of specs) {
    const array = arrays.get(path);
    if (array === undefined) problems.push(`"${path}" ${specText(spec)} is missing`);
    else if (array.dtype !== spec.dtype || !sameShape(array.shape, spec.shape)) {
      problems.push(`"${path}" is ${specText(array)}, the model has ${specText(spec)}`);
    }
  }
  for (const path of arrays.keys()) {
    if (!specs.has(path)) problems.push(`"${path}" is not in the model.${didYouMean(path, specs.keys())}`);
  }
  if (problems.length === 0) return;
  const more = problems.length > listed ? `\n  and ${problems.length - listed} more` : '';
  throw new FormatError(
    `${what} does not fit the model:\n  ${problems.slice(0, listed).join('\n  ')}${more}\nNothing was changed.`,
    'format.mismatch',
  );
}
