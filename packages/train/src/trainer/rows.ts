// The batch axis of specs.
import type { TensorSpec } from '@nn/core';

/** A batch of so many rows of the same samples. */
export function withRows({ shape, dtype }: TensorSpec, rows: number): TensorSpec {
  return { shape: [rows, ...shape.slice(1)], dtype };
}

/** One sample of a batch. */
export function withoutRows({ shape, dtype }: TensorSpec): TensorSpec {
  return { shape: shape.slice(1), dtype };
}
