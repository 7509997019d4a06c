// Random orders: what shuffles a data set.
import type { Key } from '@nn/core';
import { checkInteger, maxExtent } from '@nn/core';
import { integerStream } from './integers.ts';

/**
 * The numbers 0 … `size` − 1 in random order, every order equally likely (Fisher and Yates).
 * @throws ConfigError unless `size` is an integer from 0 to 2³¹ − 1
 */
export function permutation(size: number, key: Key): Int32Array {
  checkInteger('permutation', 'size', size, { from: 0, to: maxExtent });
  const order = Int32Array.from({ length: size }, (_, index) => index);
  const integers = integerStream(key);
  for (let last = size - 1; last > 0; last--) {
    const chosen = integers.next(last + 1);
    const entry = order[chosen]!;
    order[chosen] = order[last]!;
    order[last] = entry;
  }
  return order;
}
