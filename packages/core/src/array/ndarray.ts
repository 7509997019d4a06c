// Host arrays: a shape, an element type and a typed array in row-major order.
import { DataError, DTypeError, ShapeError } from '../errors/errors.ts';
import { resolveOptions, valueText } from '../errors/options.ts';
import type { DType, TensorSpec, TypedArray } from './dtype.ts';
import { allocateTyped, dtypes, holdsDType, specText } from './dtype.ts';
import { formatArray } from './format.ts';
import type { Shape } from './shape.ts';
import { expectShape, sameShape, shapeText, sizeOf } from './shape.ts';

/** Numbers nested to any depth, every level of one length. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** What can be given wherever an array is asked for. */
export type ArrayLike = NdArray | TypedArray | NestedNumbers;

/** An array on the host. Shape and dtype never change; the elements are the caller's to change before they are given away. */
export class NdArray implements TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;

  /**
   * @param data elements in row-major order, not copied
   * @throws ShapeError when the number of elements is not the product of `shape`; DTypeError when `data` cannot hold `dtype`.
   */
  constructor(data: TypedArray, shape: Shape, dtype: DType) {
    const size = sizeOf(shape);
    if (data.length !== size) {
      throw new ShapeError(
        `An array of shape ${shapeText(shape)} has ${size} elements, but ${data.length} were given.` +
          (data.length === 0 ? ' An empty buffer here is often one that was transferred to a worker.' : ''),
      );
    }
    if (!holdsDType(data, dtype)) {
      throw new DTypeError(`Elements of dtype ${dtype} cannot be held in a ${data.constructor.name}.`);
    }
    this.shape = Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
    this.dtype = dtype;
    this.data = data;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /** The elements as nested JavaScript arrays; a scalar gives a number. Elements of dtype bool come as booleans. */
  toArray(): NestedNumbers {
    const element = (index: number): NestedNumbers => (this.dtype === 'bool' ? this.data[index] !== 0 : this.data[index]!);
    const nest = (axis: number, offset: number, stride: number): NestedNumbers => {
      if (axis === this.shape.length) return element(offset);
      const extent = this.shape[axis]!;
      const inner = stride / Math.max(1, extent);
      return Array.from({ length: extent }, (_, index) => nest(axis + 1, offset + index * inner, inner));
    };
    return nest(0, 0, this.data.length);
  }

  /** The only element. @throws ShapeError unless there is exactly one. */
  item(): number {
    if (this.data.length !== 1) {
      throw new ShapeError(`item() needs an array of one element; this one is ${specText(this)}.`);
    }
    return this.data[0]!;
  }

  /** The `index`-th entry along the first axis, as a view on the same elements; negative counts from the end. */
  row(index: number): NdArray {
    const [rows, ...rest] = this.shape;
    if (rows === undefined) throw new ShapeError('row() needs an array of rank 1 or more; this one is a scalar.');
    const at = index < 0 ? index + rows : index;
    if (!Number.isInteger(at) || at < 0 || at >= rows) {
      throw new DataError(`Row ${index} does not exist in an array of shape ${shapeText(this.shape)}.`);
    }
    const length = sizeOf(rest);
    return new NdArray(this.data.subarray(at * length, (at + 1) * length), rest, this.dtype);
  }

  /** The same elements under another shape of equal size; one extent may be −1. */
  reshape(shape: Shape): NdArray {
    return new NdArray(this.data, resolveShape(shape, this.data.length, 'reshape'), this.dtype);
  }

  /** A copy that shares nothing with this array. */
  clone(): NdArray {
    return new NdArray(this.data.slice(), this.shape, this.dtype);
  }

  /** Dtype, shape and the values, long axes abbreviated. */
  toString(): string {
    return `${specText(this)} ${formatArray(this)}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const arrayOptions: { readonly shape: Shape | undefined; readonly dtype: DType | undefined } = { shape: undefined, dtype: undefined };

/**
 * A host array from nested numbers, a typed array (not copied) or an array.
 * Numbers become f32, booleans bool, an Int32Array i32, a Uint8Array u8, unless `dtype` says otherwise.
 *
 * @param shape needed for typed arrays of rank other than 1; one extent may be −1
 * @throws ShapeError for ragged nesting or a shape of another size; DTypeError when the elements do not fit `dtype`; ConfigError for options
 * that it does not have, such as a shape without its name
 */
export function ndarray(source: ArrayLike, options: { shape?: Shape; dtype?: DType } = {}): NdArray {
  const { shape, dtype } = resolveOptions('ndarray', options, arrayOptions);
  const array = source instanceof NdArray ? source : ArrayBuffer.isView(source) ? fromTyped(source, dtype) : fromNested(source, dtype);
  if (dtype !== undefined && dtype !== array.dtype) {
    throw new DTypeError(`An array of dtype ${array.dtype} was given where ${dtype} is asked for. Nothing is cast silently.`);
  }
  return shape === undefined ? array : array.reshape(shape);
}

/** An array of zeros (false for bool). */
export function zeros(shape: Shape, dtype: DType = 'f32'): NdArray {
  return new NdArray(allocateTyped(dtype, sizeOf(shape)), shape, dtype);
}

/** An array filled with one value. */
export function full(shape: Shape, value: number, dtype: DType = 'f32'): NdArray {
  return new NdArray(allocateTyped(dtype, sizeOf(shape)).fill(value), shape, dtype);
}

/** True when shape, dtype and every element are the same; NaN equals NaN and −0 differs from 0 (bits, not values). */
export function identicalArrays(a: NdArray, b: NdArray): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape) && a.data.every((value, index) => Object.is(value, b.data[index]));
}

/**
 * Replaces a −1 in `shape` by the extent that gives `size` elements.
 * @throws ShapeError when `shape` cannot hold `size` elements or has two −1.
 */
export function resolveShape(shape: Shape, size: number, what: string): Shape {
  expectShape(shape);
  const open = shape.filter((extent) => extent === -1).length;
  if (open > 1) throw new ShapeError(`${what}: ${shapeText(shape)} leaves more than one extent open (-1).`, 'shape.invalid');
  const known = sizeOf(shape.map((extent) => (extent === -1 ? 1 : extent)));
  const resolved = shape.map((extent) => (extent === -1 ? (known === 0 ? 0 : size / known) : extent));
  if (resolved.some((extent) => !Number.isInteger(extent)) || sizeOf(resolved) !== size) {
    throw new ShapeError(`${what}: ${size} elements do not fit the shape ${shapeText(shape)}.`);
  }
  return resolved;
}

function fromTyped(data: ArrayBufferView, dtype: DType | undefined): NdArray {
  const inferred = dtypes.find((candidate) => holdsDType(data, candidate));
  if (inferred === undefined) {
    throw new DTypeError(
      `A ${data.constructor.name} holds no dtype of nn; use Float32Array (f32), Int32Array (i32) or Uint8Array (u8, bool).`,
    );
  }
  // A Node Buffer is a Uint8Array whose slice() shares memory; copies must be copies.
  const typed = data instanceof Uint8Array ? new Uint8Array(data.buffer, data.byteOffset, data.length) : (data as TypedArray);
  return new NdArray(typed, [typed.length], dtype === 'bool' && typed instanceof Uint8Array ? 'bool' : inferred);
}

function fromNested(source: NestedNumbers, dtype: DType | undefined): NdArray {
  const shape: number[] = [];
  for (let level: NestedNumbers = source; Array.isArray(level); level = (level as readonly NestedNumbers[])[0] ?? 0)
    shape.push(level.length);
  const values: (number | boolean)[] = [];
  const collect = (level: NestedNumbers, axis: number): void => {
    if (typeof level === 'number' || typeof level === 'boolean') {
      if (axis !== shape.length) throw raggedError(shape);
      values.push(level);
      return;
    }
    if (!Array.isArray(level)) throw notNumbers(level);
    if (level.length !== shape[axis]) throw raggedError(shape);
    for (const entry of level as readonly NestedNumbers[]) collect(entry, axis + 1);
  };
  collect(source, 0);
  const booleans = values.length > 0 && values.every((value) => typeof value === 'boolean');
  const target = dtype ?? (booleans ? 'bool' : 'f32');
  const data = allocateTyped(target, values.length);
  values.forEach((value, index) => {
    if ((typeof value === 'boolean') !== (target === 'bool')) {
      throw new DTypeError(`Element ${index} is the ${typeof value} ${String(value)}, which is no element of dtype ${target}.`);
    }
    data[index] = Number(value);
    if (target !== 'f32' && data[index] !== Number(value)) {
      throw new DTypeError(`Element ${index} is ${String(value)}, which dtype ${target} cannot hold exactly.`);
    }
  });
  return new NdArray(data, shape, target);
}

function notNumbers(given: unknown): DTypeError {
  // A tensor of another library: see foreign.ts.
  const hint =
    typeof given === 'object' && given !== null && 'data' in given && typeof given.data === 'function'
      ? ' Elements of a tensor come by a promise: await fromForeign(tensor).'
      : '';
  return new DTypeError(`A nested array holds numbers or booleans; this one holds ${valueText(given)}.${hint}`);
}

function raggedError(shape: Shape): ShapeError {
  return new ShapeError(`Nested arrays must have one length per level; this one starts as ${shapeText(shape)} and then differs.`);
}
