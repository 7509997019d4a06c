// Looking at the first batch of a source before training on it.
import type { Batch, BatchOptions, BatchSource } from '@nn/data';
import { DataError } from '@nn/core';

/**
 * The first batch of a pass, and a source that gives this very pass, first batch included, when it is asked for batches next.
 * @returns no first batch when the pass begins where the data end
 * @throws DataError when there are no rows at all
 */
export async function peek(
  source: BatchSource,
  options: BatchOptions,
): Promise<{ readonly first: Batch | undefined; readonly source: BatchSource }> {
  const iterator = iterate(source.batches(options));
  const { done, value: first } = await iterator.next();
  if (done === true) {
    if ((options.start ?? 0) === 0) throw noRows();
    return { first: undefined, source };
  }
  let pending: AsyncGenerator<Batch, void, undefined> | undefined = continued(first, iterator);
  const { size } = source;
  return {
    first,
    source: {
      ...(size === undefined ? {} : { size }),
      batches(next) {
        const begun = pending;
        pending = undefined;
        return begun ?? source.batches(next);
      },
    },
  };
}

/** The error for data without a row. */
export function noRows(): DataError {
  return new DataError(
    'The data have no rows. An empty file, a filter that keeps nothing or a generator that was already read are common causes.',
    'data.missing',
  );
}

async function* iterate(batches: Iterable<Batch> | AsyncIterable<Batch>): AsyncGenerator<Batch, void, undefined> {
  yield* batches;
}

async function* continued(first: Batch, rest: AsyncGenerator<Batch, void, undefined>): AsyncGenerator<Batch, void, undefined> {
  yield first;
  yield* rest;
}
