// The rows of a last batch that is too short are appended to the batch before; everything else stays.
import type { ArrayLike } from '@nn/core';
import { ndarray } from '@nn/core';
import { dataset } from '@nn/data';
import { expect, it } from 'vitest';
import { joinTail } from './joinTail.ts';

async function joined(batches: readonly ArrayLike[]): Promise<unknown[]> {
  const source = dataset(batches.map((x) => ({ x, y: x })));
  const result: unknown[] = [];
  for await (const { x, y } of joinTail(source, (rows) => rows > 1).batches()) {
    expect(y).toEqual(x);
    result.push(x.toArray());
  }
  return result;
}

it('joins a last batch that cannot be trained on', async () => {
  expect(await joined([[[1], [2]], [[3], [4]], [[5]]])).toEqual([
    [[1], [2]],
    [[3], [4], [5]],
  ]);
});

it('leaves other batches as they are', async () => {
  expect(await joined([[1, 2], [3], [4, 5]])).toEqual([[1, 2], [3], [4, 5]]);
  expect(await joined([[1]])).toEqual([[1]]);
  expect(await joined([])).toEqual([]);
});

it('keeps dtypes', async () => {
  const bytes = (...values: number[]) => ndarray(Uint8Array.from(values));
  const source = dataset([
    { x: bytes(1, 2), y: ndarray(Int32Array.of(1, 2)) },
    { x: bytes(3), y: ndarray(Int32Array.of(3)) },
  ]);
  for await (const batch of joinTail(source, (rows) => rows > 1).batches()) {
    expect(batch).toEqual({ x: bytes(1, 2, 3), y: ndarray(Int32Array.of(1, 2, 3)) });
  }
});
