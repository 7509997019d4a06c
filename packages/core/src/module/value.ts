// Values that flow between layers: a tensor, a tuple or a record of them, handled alike.
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { Shape } from '../array/shape.ts';
import { ConfigError, TraceError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { traced } from '../program/tensor.ts';
import type { Value } from './contract.ts';

/** A value's structure with something else in place of its tensors. */
export type Structure<T> = T | readonly T[] | { readonly [name: string]: T };

/** Shape of one sample (f32), or shape and dtype. */
export type SampleSpec = Shape | TensorSpec;

/** What a model takes, per sample and without the batch axis: one array, a tuple or a record of arrays. */
export type InputSpec = Structure<SampleSpec>;

export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && traced in value;
}

/**
 * @param what names what gave the value: `'The function'`
 * @throws TraceError unless it is a tensor, or a list or record of tensors
 */
export function expectValue(value: unknown, what: string): void {
  const parts: readonly unknown[] = typeof value === 'object' && value !== null && !isTensor(value) ? Object.values(value) : [value];
  if (parts.length > 0 && parts.every(isTensor)) return;
  const wait = value instanceof Promise ? ' Tracing is synchronous: load data before, pass it in as inputs.' : '';
  throw new TraceError(`${what} gives ${valueText(value)}; it is to give a tensor, or a list or record of tensors.${wait}`);
}

/** The parts of a value by name: `x` for a single tensor, `x/0` in a tuple, `x/image` in a record. */
export function partsOf<T>(value: Structure<T>, prefix: string, isPart: (value: unknown) => value is T): [name: string, part: T][] {
  if (isPart(value)) return [[prefix, value]];
  return Object.entries(value as Readonly<Record<string, T>>).map(([key, part]) => [`${prefix}/${key}`, part]);
}

/** A value of the same structure with every part converted. */
export function mapStructure<A, B>(
  value: Structure<A>,
  prefix: string,
  isPart: (value: unknown) => value is A,
  convert: (part: A, name: string) => B,
): Structure<B> {
  if (isPart(value)) return convert(value, prefix);
  if (Array.isArray(value)) return (value as readonly A[]).map((part, index) => convert(part, `${prefix}/${index}`));
  return Object.fromEntries(partsOf(value, prefix, isPart).map(([name, part]) => [name.slice(prefix.length + 1), convert(part, name)]));
}

export function isTensorSpec(value: unknown): value is TensorSpec {
  return typeof value === 'object' && value !== null && 'shape' in value && 'dtype' in value;
}

/** Shapes and dtypes of a value. */
export function specOf(value: Value): Structure<TensorSpec> {
  return mapStructure<Tensor, TensorSpec>(value, '', isTensor, ({ shape, dtype }) => ({ shape, dtype }));
}

function isSampleSpec(value: unknown): value is SampleSpec {
  return isTensorSpec(value) || (Array.isArray(value) && value.every((extent) => typeof extent === 'number'));
}

/** The given sample specs with `batch` rows. @throws ConfigError for what is no spec of a sample */
export function batchedSpec(input: InputSpec, batch: number): Structure<TensorSpec> {
  if (typeof input !== 'object' || input === null || (!isSampleSpec(input) && Object.keys(input).length === 0)) {
    throw new ConfigError(`The input is ${valueText(input)}; it says what one sample looks like, without the batch axis: [784].`);
  }
  return mapStructure<SampleSpec, TensorSpec>(input, 'x', isSampleSpec, (part, name) => {
    const { shape, dtype } = isTensorSpec(part) ? part : { shape: part, dtype: 'f32' as const };
    if (!Array.isArray(shape)) throw new ConfigError(`The input spec ${name} is neither a shape nor { shape, dtype }.`);
    return { shape: [batch, ...shape], dtype };
  });
}

/** A value's specs as text. */
export function structureText(value: Structure<TensorSpec>): string {
  return partsOf(value, '', isTensorSpec)
    .map(([name, spec]) => `${name === '' ? '' : `${name.slice(1)}: `}${specText(spec)}`)
    .join(', ');
}
