// The rows of a data set, read a few at a time: held as they came, or as bytes that are scaled when read.
import type { DType, Shape, TensorSpec, TypedArray } from '@nn/core';
import { allocateTyped, ConfigError, DataError, DTypeError, NdArray, ShapeError, sizeOf, specText, valueText } from '@nn/core';
import type { ScaleParts } from './scale.ts';
import { scaleParts } from './scale.ts';

type ReadRows = (indices: ArrayLike<number>) => NdArray;

/** Samples that are rows of one array: what a device can hold in their place. */
export interface HeldRows {
  readonly array: NdArray;
  /** Which row of the array each sample is, where that is not the one with its own number. */
  readonly rows?: Int32Array;
  /** The array is bytes, and each is read as f32, multiplied by this. */
  readonly scale?: ScaleParts;
}

/**
 * An array whose first axis counts samples, and that need not be in memory in the form in which it is read: MNIST is kept as bytes
 * and read as numbers from 0 to 1. Every read gives a fresh array, the caller's to change.
 */
export class Samples implements TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Left out where samples are computed when they are read. */
  readonly held?: HeldRows;
  readonly #read: ReadRows;

  /**
   * @param read the rows at the given indices, which are whole numbers in range; fresh at every call
   * @param held where `read` takes them from, if it is that simple
   */
  constructor(spec: TensorSpec, read: ReadRows, held?: HeldRows) {
    if (spec.shape.length === 0) throw new ShapeError('Samples need a first axis that counts them; a scalar has none.');
    this.shape = Object.freeze([...spec.shape]);
    this.dtype = spec.dtype;
    this.#read = read;
    if (held !== undefined) this.held = held;
  }

  /** Number of samples. */
  get count(): number {
    return this.shape[0]!;
  }

  /** One sample, without the first axis; a negative index counts from the end. @throws DataError when it does not exist. */
  row(index: number): NdArray {
    const at = index < 0 ? index + this.count : index;
    if (!isRow(at, this.count)) throw missingRow(index, this.count);
    return this.#read([at]).reshape(this.shape.slice(1));
  }

  /** The samples from `begin` up to, not including, `end`; all of them without arguments. Negative counts from the end. */
  slice(begin = 0, end = this.count): NdArray {
    return this.#read(rangeOf(begin, end, this.count));
  }

  /** The samples at `indices`, in that order, repeats allowed. @throws DataError when one does not exist. */
  gather(indices: ArrayLike<number>): NdArray {
    checkIndices(indices, this.count);
    return this.#read(indices);
  }

  /** The samples at `indices` as samples of their own; nothing is copied. @throws DataError when one does not exist. */
  select(indices: ArrayLike<number>): Samples {
    checkIndices(indices, this.count);
    const chosen = Int32Array.from(indices);
    const { held } = this;
    return new Samples(
      { shape: [chosen.length, ...this.shape.slice(1)], dtype: this.dtype },
      (rows) => this.#read(Int32Array.from(rows, (row) => chosen[row]!)),
      held && { ...held, rows: held.rows === undefined ? chosen : chosen.map((row) => held.rows![row]!) },
    );
  }

  /**
   * Samples that are passed through `apply` when they are read. `apply` takes rows [n, …] and gives as many, each from its own row alone.
   * @throws DataError, at once or when read, if it gives another number of rows.
   */
  transform(apply: (rows: NdArray) => NdArray): Samples {
    if (typeof apply !== 'function') throw new ConfigError(`transform takes a function of rows, not ${valueText(apply)}.`);
    const read: ReadRows = (indices) => {
      const rows = apply(this.#read(indices));
      expectRows(rows);
      if (rows.shape[0] !== indices.length) {
        throw new DataError(`A transform must give one row for each row: it got ${indices.length} and gave ${specText(rows)}.`);
      }
      return rows;
    };
    const probe = read(this.count === 0 ? [] : [0]);
    return new Samples({ shape: [this.count, ...probe.shape.slice(1)], dtype: probe.dtype }, read);
  }

  toString(): string {
    return `Samples ${specText(this)}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** True for samples of any copy of this package. */
export function isSamples(value: unknown): value is Samples {
  return typeof value === 'object' && value !== null && 'gather' in value && typeof value.gather === 'function';
}

/** The rows of an array, which is held, not copied. @throws ShapeError for a scalar. */
export function heldSamples(array: NdArray): Samples {
  const [, ...sampleShape] = array.shape;
  const length = sizeOf(sampleShape);
  const read: ReadRows = (indices) => {
    const rows = emptyLike(array, indices.length * length);
    for (let i = 0; i < indices.length; i++) rows.set(array.data.subarray(indices[i]! * length, (indices[i]! + 1) * length), i * length);
    return new NdArray(rows, [indices.length, ...sampleShape], array.dtype);
  };
  return new Samples(array, read, { array });
}

/** The samples as an array of their own, in their order, where they are not all of it. */
export function heldArray({ array, rows }: HeldRows): NdArray {
  return rows === undefined ? array : heldSamples(array).gather(rows);
}

/**
 * Bytes that are read as f32, each multiplied by `scale`: a quarter of the memory.
 * @throws DTypeError unless `array` is u8; ConfigError unless `scale` is a finite number other than 0.
 */
export function scaledBytes(array: NdArray, scale: number): Samples {
  if (array.dtype !== 'u8')
    throw new DTypeError(`scale is for bytes (u8); these samples are ${array.dtype}. Multiply them before, or use transform.`);
  if (!Number.isFinite(scale) || scale === 0) throw new ConfigError(`scale must be a finite number other than 0, not ${scale}.`);
  const [, ...sampleShape] = array.shape;
  const length = sizeOf(sampleShape);
  const bytes = array.data;
  const read: ReadRows = (indices) => {
    const rows = new Float32Array(indices.length * length);
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * length;
      for (let j = 0; j < length; j++) rows[i * length + j] = bytes[from + j]! * scale;
    }
    return new NdArray(rows, [indices.length, ...sampleShape], 'f32');
  };
  const parts = scaleParts(scale);
  return new Samples({ shape: array.shape, dtype: 'f32' }, read, parts && { array, scale: parts });
}

/** A zeroed buffer that loses nothing of what `array` holds: f32 held as float64 stays so. */
function emptyLike(array: NdArray, length: number): TypedArray {
  return array.data instanceof Float64Array ? new Float64Array(length) : allocateTyped(array.dtype, length);
}

function rangeOf(begin: number, end: number, count: number): Int32Array {
  const from = begin < 0 ? begin + count : begin;
  const to = end < 0 ? end + count : end;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > count) {
    throw new DataError(`Rows ${begin} to ${end} do not exist in ${count} samples.`);
  }
  return Int32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function expectRows(given: unknown): void {
  if (typeof given === 'object' && given !== null && 'shape' in given) return;
  throw new DataError(`A transform gives an array of as many rows as it got, not ${valueText(given)}.`);
}

function checkIndices(indices: ArrayLike<number>, count: number): void {
  if (typeof indices !== 'object' || indices === null || !('length' in indices)) {
    throw new DataError(`Samples are chosen by a list of row numbers, not by ${valueText(indices)}.`);
  }
  for (let i = 0; i < indices.length; i++) {
    if (!isRow(indices[i]!, count)) throw missingRow(indices[i]!, count);
  }
}

function isRow(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}

function missingRow(index: number, count: number): DataError {
  return new DataError(`Row ${index} does not exist in ${count} samples.`);
}
