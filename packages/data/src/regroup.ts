// Cuts a stream of batches of any sizes into batches of one size.
import type { Shape, TypedArray } from '@nn/core';
import { allocateTyped, NdArray, sizeOf } from '@nn/core';
import type { Batch, LastBatch } from './batching.ts';
import { rowsOf } from './batching.ts';

/** The same rows in the same order in batches of `batchSize`; the last as `batchPlan` would have it for that many rows. */
export async function* regroup(
  batches: AsyncIterable<Batch>,
  batchSize: number,
  lastBatch: LastBatch,
): AsyncGenerator<Batch, void, undefined> {
  // A remainder that is to be merged needs the batch before it, so that one is held back.
  const held = lastBatch === 'merge' ? 2 * batchSize : batchSize;
  let waiting: Batch[] = [];
  let rows = 0;
  let given = 0;
  for await (const batch of batches) {
    waiting.push(batch);
    rows += rowsOf(batch.x);
    if (rows < held) continue;
    let rest = joined(waiting);
    for (; rows >= held; rows -= batchSize, given++) {
      yield rowsBetween(rest, 0, batchSize);
      rest = rowsBetween(rest, batchSize, rowsOf(rest.x));
    }
    waiting = rows === 0 ? [] : [rest];
  }
  if (rows > 0 && !(lastBatch === 'drop' && given > 0)) yield joined(waiting);
}

function joined(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0]!;
  const weights = batches.flatMap((batch) => batch.weights ?? []);
  return {
    x: concatenateRows(batches.map(({ x }) => x)),
    y: concatenateRows(batches.map(({ y }) => y)),
    ...(weights.length === 0 ? {} : { weights: concatenateRows(weights) }),
  };
}

function concatenateRows(arrays: readonly NdArray[]): NdArray {
  const { shape, dtype } = arrays[0]!;
  const size = arrays.reduce((sum, array) => sum + array.size, 0);
  const all: TypedArray = arrays.some((array) => array.data instanceof Float64Array) ? new Float64Array(size) : allocateTyped(dtype, size);
  let offset = 0;
  for (const array of arrays) {
    all.set(array.data, offset);
    offset += array.size;
  }
  return new NdArray(
    all,
    withRows(
      shape,
      arrays.reduce((sum, array) => sum + rowsOf(array), 0),
    ),
    dtype,
  );
}

function rowsBetween(batch: Batch, begin: number, end: number): Batch {
  const part = (array: NdArray): NdArray => {
    const length = sizeOf(array.shape.slice(1));
    return new NdArray(array.data.subarray(begin * length, end * length), withRows(array.shape, end - begin), array.dtype);
  };
  const { x, y, weights } = batch;
  return { x: part(x), y: part(y), ...(weights === undefined ? {} : { weights: part(weights) }) };
}

function withRows(shape: Shape, rows: number): Shape {
  return [rows, ...shape.slice(1)];
}
