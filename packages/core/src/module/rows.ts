// What `predict` takes: one sample or rows of them, as arrays or as something that reads rows when they are needed.
import type { DType, TensorSpec } from '../array/dtype.ts';
import { allocateTyped, specText } from '../array/dtype.ts';
import type { ForeignTensor } from '../array/foreign.ts';
import type { ArrayLike } from '../array/ndarray.ts';
import { NdArray, ndarray } from '../array/ndarray.ts';
import { sameShape, shapeText, sizeOf } from '../array/shape.ts';
import { DTypeError, ShapeError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, isTensorSpec, partsOf } from './value.ts';

/** Rows that are read a few at a time: the samples of a data set. */
export interface RowSource extends TensorSpec {
  /** Rows from `begin` up to, not including, `end`. */
  slice(begin: number, end: number): NdArray;
}

/** One input of a model: an array on the host, a source of rows, or a tensor of another library. */
export type PredictInput = HostInput | ForeignTensor;

/** One that is on the host. */
export type HostInput = ArrayLike | RowSource;

/** The input of one prediction. */
export interface Batch {
  /** By input name (`x`, `x/0`), all with the batch axis. */
  readonly parts: ReadonlyMap<string, RowSource>;
  readonly rows: number;
  /** One sample was given, so one result is wanted. */
  readonly single: boolean;
}

/** The given input with a batch axis. @throws ShapeError, DTypeError when it does not fit the input spec */
export function toBatch(input: InputSpec, x: Structure<HostInput>): Batch {
  const parts = new Map<string, RowSource>();
  const extents: { rows: number; single: boolean }[] = [];
  for (const [name, spec] of partsOf<TensorSpec>(batchedSpec(input, 1), 'x', isTensorSpec)) {
    const source = toSource(partNamed(x, name), spec.dtype);
    expectDType(source, spec.dtype, name);
    const sample = spec.shape.slice(1);
    const single = sameShape(source.shape, sample);
    if (!single && !sameShape(source.shape.slice(1), sample)) throw unfit(name, source, sample);
    parts.set(name, source instanceof NdArray ? rowsOfArray(single ? source.reshape([1, ...sample]) : source) : source);
    extents.push({ rows: single ? 1 : source.shape[0]!, single });
  }
  const first = extents[0]!;
  if (extents.some(({ rows, single }) => rows !== first.rows || single !== first.single)) {
    const given = extents.map(({ rows, single }) => (single ? 'one sample' : `${rows} rows`));
    throw new ShapeError(`The parts of the input have ${given.join(' and ')}; they must agree.`);
  }
  return { parts, ...first };
}

/** Rows `from` … `from + count`, padded with zeros up to `size` rows. */
export function paddedRows(source: RowSource, from: number, count: number, size: number): NdArray {
  const rows = source.slice(from, from + count);
  if (count === size) return rows;
  const sample = source.shape.slice(1);
  const padded = allocateTyped(source.dtype, size * sizeOf(sample));
  padded.set(rows.data);
  return new NdArray(padded, [size, ...sample], source.dtype);
}

function rowsOfArray(array: NdArray): RowSource {
  const { shape, dtype, data } = array;
  const sample = shape.slice(1);
  const width = sizeOf(sample);
  return {
    shape,
    dtype,
    slice: (begin, end) => new NdArray(data.subarray(begin * width, end * width), [end - begin, ...sample], dtype),
  };
}

function toSource(given: HostInput, dtype: DType): NdArray | RowSource {
  if (given instanceof NdArray || isRowSource(given)) return given;
  return ArrayBuffer.isView(given) ? ndarray(given) : ndarray(given, { dtype });
}

function isRowSource(given: HostInput): given is RowSource {
  return isTensorSpec(given) && 'slice' in given;
}

function expectDType(source: TensorSpec, dtype: DType, name: string): void {
  if (source.dtype === dtype) return;
  const scale = source.dtype === 'u8' ? ' Bytes are scaled first, by 1/255 say; a data set does it for its batches.' : '';
  throw new DTypeError(`${name} is ${source.dtype}, but the model takes ${dtype}. Nothing is cast silently.${scale}`);
}

function unfit(name: string, source: TensorSpec, sample: readonly number[]): ShapeError {
  const flat = sizeOf(sample) === sizeOf(source.shape) ? ` It has the right number of elements: reshape it to ${shapeText(sample)}.` : '';
  return new ShapeError(
    `${name} is ${specText(source)}, but the model takes samples of shape ${shapeText(sample)}, one of them or [rows, …].${flat}`,
  );
}

function partNamed(x: Structure<HostInput>, name: string): HostInput {
  if (name === 'x') return x as HostInput;
  const part = (x as Readonly<Record<string, HostInput>> | null | undefined)?.[name.slice(2)];
  if (part === undefined)
    throw new ShapeError(`The input, ${valueText(x)}, has no part "${name.slice(2)}", which the model takes.`, 'shape.invalid');
  return part;
}
