// Element types and the typed arrays that hold them on the host.
import { DTypeError } from '../errors/errors.ts';
import type { Shape } from './shape.ts';
import { shapeText } from './shape.ts';

/**
 * What an element means to a program. `u8` is storage and is read as f32; `bool` is the result of a comparison.
 * Backends may hold f32 with more bits (the reference does: float64).
 */
export type DType = 'f32' | 'i32' | 'u8' | 'bool';

export const dtypes: readonly DType[] = ['f32', 'i32', 'u8', 'bool'];

/** Shape and element type: all that is known of a tensor while a program is traced. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Host storage; `f32` may be held in a Float64Array (more precision, same meaning), `bool` is bytes 0 and 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

const storageOf = {
  f32: [Float32Array, Float64Array],
  i32: [Int32Array],
  u8: [Uint8Array],
  bool: [Uint8Array],
} as const satisfies Record<DType, readonly (new (length: number) => TypedArray)[]>;

/** @throws DTypeError for a name that is no dtype, such as float32 */
function storagesOf(dtype: DType): readonly (new (length: number) => TypedArray)[] {
  const storages: Partial<typeof storageOf> = storageOf;
  if (storages[dtype] !== undefined) return storages[dtype];
  throw new DTypeError(`There is no dtype ${dtype as string}; there are ${dtypes.join(', ')}.`);
}

/** A zeroed host buffer for `length` elements in the usual storage of `dtype`. */
export function allocateTyped(dtype: DType, length: number): TypedArray {
  return new (storagesOf(dtype)[0]!)(length);
}

/** Whether elements of `dtype` may be held in `data`. */
export function holdsDType(data: ArrayBufferView, dtype: DType): boolean {
  const storages = storagesOf(dtype);
  for (let index = 0; index < storages.length; index++) if (data instanceof storages[index]!) return true;
  return false;
}

/** Bytes of one element in its usual storage. */
export function bytesPerElement(dtype: DType): number {
  return storageOf[dtype][0].BYTES_PER_ELEMENT;
}

/** `f32[2, 3]` */
export function specText(spec: TensorSpec): string {
  return `${spec.dtype}${shapeText(spec.shape)}`;
}
