// The error classes of nn: every failure a user can cause is one of these, with a code that programs can switch on.

/** Every code an {@link NnError} can carry; the part before the dot names the class. */
export type ErrorCode =
  | 'shape.mismatch'
  | 'shape.invalid'
  | 'dtype.mismatch'
  | 'config.invalid'
  | 'config.unknown'
  | 'trace.invalid'
  | 'trace.foreign-tensor'
  | 'trace.duplicate-name'
  | 'data.invalid'
  | 'data.missing'
  | 'format.invalid'
  | 'format.mismatch'
  | 'numeric.non-finite'
  | 'disposed.used'
  | 'backend.lost'
  | 'backend.out-of-memory'
  | 'backend.unavailable'
  | 'backend.unsupported'
  | 'backend.failed';

/** The codes of one class: `CodeOf<'shape'>` is `'shape.mismatch' | 'shape.invalid'`. */
type CodeOf<Family extends string> = Extract<ErrorCode, `${Family}.${string}`>;

const marker: unique symbol = Symbol.for('@nn/error');

/** Base of all errors thrown by nn packages. `code` is stable; `message` is for people. */
export class NnError extends Error {
  readonly code: ErrorCode;
  // A symbol from the global registry is the same in every copy of this package, so `isNnError` works across duplicates.
  readonly [marker] = true;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** True for errors of any copy of this package, also where `instanceof` fails because two copies are installed. */
export function isNnError(value: unknown): value is NnError {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}

/** A shape that an operation, layer or array cannot take. */
export class ShapeError extends NnError {
  constructor(message: string, code: CodeOf<'shape'> = 'shape.mismatch', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** An element type where another one is needed; nothing is cast silently. */
export class DTypeError extends NnError {
  constructor(message: string, code: CodeOf<'dtype'> = 'dtype.mismatch', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** An option outside its range, or a name that is not known. */
export class ConfigError extends NnError {
  constructor(message: string, code: CodeOf<'config'> = 'config.invalid', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A tensor used outside the trace it belongs to, or a trace that is not a program. */
export class TraceError extends NnError {
  constructor(message: string, code: CodeOf<'trace'> = 'trace.invalid', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Data (a batch, a label, a data set) that cannot be used. */
export class DataError extends NnError {
  constructor(message: string, code: CodeOf<'data'> = 'data.invalid', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A file or message that is not what its format says, or does not fit the model. */
export class FormatError extends NnError {
  constructor(message: string, code: CodeOf<'format'> = 'format.invalid', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A NaN or an infinity where the caller asked for finite numbers. */
export class NumericError extends NnError {
  constructor(message: string, code: CodeOf<'numeric'> = 'numeric.non-finite', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Something used after its `dispose()`. */
export class DisposedError extends NnError {
  constructor(message: string, code: CodeOf<'disposed'> = 'disposed.used', options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A device that is missing, lost, full, or that failed. */
export class BackendError extends NnError {
  constructor(message: string, code: CodeOf<'backend'> = 'backend.failed', options?: ErrorOptions) {
    super(code, message, options);
  }
}
