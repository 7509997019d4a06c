// How many weights are exactly 0: what L1 regularization is after.
import type { ArrayLike } from '@nn/core';
import { ndarray } from '@nn/core';

export interface Sparsity {
  /** Elements that are exactly 0. */
  readonly zeros: number;
  readonly size: number;
  /** zeros / size; of nothing 0. */
  readonly fraction: number;
}

/** Counts the zeros: `sparsity(await trainer.network.read('dense1/kernel'))`. @throws DTypeError for what is no array */
export function sparsity(array: ArrayLike): Sparsity {
  const { data } = ndarray(array);
  let zeros = 0;
  for (let index = 0; index < data.length; index++) if (data[index] === 0) zeros += 1;
  return { zeros, size: data.length, fraction: data.length === 0 ? 0 : zeros / data.length };
}
