// Tensors of other libraries: what has a shape, a dtype and `data()`, which brings the elements to the host, is taken where arrays are.
import { DTypeError } from '../errors/errors.ts';
import type { DType, TypedArray } from './dtype.ts';
import { allocateTyped } from './dtype.ts';
import { NdArray } from './ndarray.ts';

/** A tensor of TensorFlow.js, or of a library that has the same form. Whoever made it frees it. */
export interface ForeignTensor {
  readonly shape: readonly number[];
  /** In the words of that library: `float32`. */
  readonly dtype: string;
  /** The elements in row-major order. */
  data(): Promise<TypedArray>;
}

/** One that was made for the caller, who frees it. */
export interface OwnedForeignTensor extends ForeignTensor {
  dispose(): void;
}

const dtypeOf: ReadonlyMap<string, DType> = new Map([
  ['float32', 'f32'],
  ['int32', 'i32'],
  ['uint8', 'u8'],
  ['bool', 'bool'],
]);

/** Whether `value` is a tensor of another library. */
export function isForeignTensor(value: unknown): value is ForeignTensor {
  if (typeof value !== 'object' || value === null || value instanceof NdArray) return false;
  const { shape, dtype, data } = value as Partial<ForeignTensor>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function';
}

/** A copy of its elements on the host. @throws DTypeError for a dtype that has no counterpart here */
export async function fromForeign(tensor: ForeignTensor): Promise<NdArray> {
  const dtype = dtypeOf.get(tensor.dtype);
  if (dtype === undefined) {
    throw new DTypeError(`A tensor of dtype ${tensor.dtype} was given; those of dtype ${[...dtypeOf.keys()].join(', ')} can be taken.`);
  }
  const elements = await tensor.data();
  const copy = allocateTyped(dtype, elements.length);
  copy.set(elements);
  return new NdArray(copy, tensor.shape, dtype);
}

/**
 * `value` with the tensors of other libraries as arrays on the host: one, or those in a list or a record.
 * @typeParam Host what is left without them
 */
export async function withoutForeign<Host>(value: unknown): Promise<Host> {
  const converted = isForeignTensor(value) ? fromForeign(value) : isCollection(value) ? partsWithoutForeign(value) : value;
  return (await converted) as Host;
}

async function partsWithoutForeign(parts: object): Promise<unknown> {
  const entries = Object.entries(parts);
  if (!entries.some(([, part]) => isForeignTensor(part))) return parts;
  const values = await Promise.all(entries.map(([, part]) => (isForeignTensor(part) ? fromForeign(part) : (part as unknown))));
  return Array.isArray(parts) ? values : Object.fromEntries(entries.map(([name], index) => [name, values[index]]));
}

/** A plain record, or a list that begins with a tensor: lists of numbers are not gone through. */
function isCollection(value: unknown): value is object {
  if (Array.isArray(value)) return isForeignTensor(value[0]);
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
