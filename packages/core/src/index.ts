// The contracts of nn: tensors, programs, gradients, random numbers, layers and backends.

// Errors
export {
  BackendError,
  ConfigError,
  DataError,
  DisposedError,
  DTypeError,
  FormatError,
  isNnError,
  NnError,
  NumericError,
  ShapeError,
  TraceError,
} from './errors/errors.ts';
export type { ErrorCode } from './errors/errors.ts';
export { didYouMean, nearestName } from './errors/suggest.ts';

// Host arrays
export { allocateTyped, bytesPerElement, dtypes, expectDType, holdsDType, specText } from './array/dtype.ts';
export type { DType, TensorSpec, TypedArray } from './array/dtype.ts';
export { full, identicalArrays, NdArray, ndarray, resolveShape, zeros } from './array/ndarray.ts';
export type { ArrayLike, NestedNumbers } from './array/ndarray.ts';
export { decodeSafetensors, encodeSafetensors } from './array/safetensors.ts';
export type { SafetensorsContent } from './array/safetensors.ts';
export {
  alignRight,
  maxExtent,
  normalizeAxes,
  normalizeAxis,
  sameShape,
  shapeText,
  sizeOf,
  stretchedStrides,
  stretchShapes,
  stridesOf,
} from './array/shape.ts';
export type { Shape } from './array/shape.ts';

// Random numbers
export { integerStream } from './rng/integers.ts';
export type { IntegerStream } from './rng/integers.ts';
export { fillNormal, fillTruncatedNormal } from './rng/normal.ts';
export type { NormalOptions } from './rng/normal.ts';
export { permutation } from './rng/permutation.ts';
export { checkSeed, fillBits, fillUniform, hashPath, streamKey, threefry2x32 } from './rng/threefry.ts';
export type { Key } from './rng/threefry.ts';
