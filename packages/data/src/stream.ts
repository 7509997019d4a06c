// Data that arrives batch by batch: generators, async iterables, files too large for memory.
import type { ArrayLike, ForeignTensor, TensorSpec } from '@nn/core';
import { DataError, checkFlag, ndarray, resolveOptions, sameShape, specText, valueText, withoutForeign } from '@nn/core';
import type { Batch, BatchOptions, BatchSource } from './batching.ts';
import { resolveBatchOptions, rowsOf } from './batching.ts';
import { checkFinite, checkWeights } from './checks.ts';
import { regroup } from './regroup.ts';

/**
 * A batch as a stream may give it: nested numbers, typed arrays, `NdArray`s or tensors of another library with equally many rows. A
 * generator may dispose the tensors of a batch as soon as it is asked for the next one.
 */
export type BatchLike = HostBatch | { readonly [Name in keyof HostBatch]: HostBatch[Name] | ForeignTensor };

/** One whose arrays are on the host. */
interface HostBatch {
  readonly x: ArrayLike;
  readonly y: ArrayLike;
  /** How much each row counts in the loss [rows]; in every batch or in none. */
  readonly weights?: ArrayLike;
}

/** Which pass over the data begins; a generator function that orders its rows by it is reproducible. */
export interface StreamEpoch {
  readonly seed: number;
  readonly epoch: number;
}

export interface StreamOptions {
  /** Lets NaN and infinities through (false: they are refused). */
  readonly allowNonFinite?: boolean;
}

type Batches = AsyncIterable<BatchLike> | Iterable<BatchLike>;

/** Batches to make a {@link StreamDataset} of: something to iterate over, or a function that gives it anew for every epoch. */
export type BatchStream = Batches | ((epoch: StreamEpoch) => Batches);

/** Data of which the size and the next batch are not known before they arrive. */
export class StreamDataset implements BatchSource {
  readonly #source: BatchStream;
  readonly #allowNonFinite: boolean;
  #begun = false;

  constructor(source: BatchStream, options: StreamOptions = {}) {
    this.#source = source;
    const { allowNonFinite } = resolveOptions('dataset', options, { allowNonFinite: false });
    this.#allowNonFinite = checkFlag('dataset', 'allowNonFinite', allowNonFinite);
  }

  /**
   * One pass over the stream, in its own order. With `batchSize` the rows are regrouped into batches of that size, so that a program is
   * compiled for at most two sizes; without, they come as the stream gives them and `lastBatch` has no meaning.
   *
   * @throws ConfigError for options out of range; DataError, when it arrives, for a batch that is empty, does not fit the ones before it or
   * holds a NaN, and for a second pass over an iterable that can be read only once.
   */
  async *batches(options: BatchOptions = {}): AsyncGenerator<Batch, void, undefined> {
    const { batchSize, lastBatch, start, seed, epoch } = resolveBatchOptions(options);
    const checked = this.#checkedBatches({ seed, epoch });
    let index = 0;
    for await (const batch of batchSize === undefined ? checked : regroup(checked, batchSize, lastBatch)) {
      if (index >= start) yield batch;
      index += 1;
    }
  }

  async *#checkedBatches(epoch: StreamEpoch): AsyncGenerator<Batch, void, undefined> {
    let first: Batch | undefined;
    let index = 0;
    for await (const given of this.#open(epoch)) {
      const batch = this.#check(await withoutForeign<HostBatch>(given), `Batch ${index} of the stream`);
      first ??= batch;
      expectSameSamples(batch.x, first.x, `x of batch ${index}`);
      expectSameSamples(batch.y, first.y, `y of batch ${index}`);
      if ((batch.weights === undefined) !== (first.weights === undefined)) {
        throw new DataError(`Batch ${index} of the stream has ${batch.weights === undefined ? 'no ' : ''}weights, unlike the first.`);
      }
      yield batch;
      index += 1;
    }
  }

  #open(epoch: StreamEpoch): Batches {
    if (typeof this.#source === 'function') return expectIterable(this.#source(epoch));
    if (this.#begun && readsOnce(this.#source)) {
      throw new DataError(
        'This stream has been read, and a generator can be read only once. Give the generator function itself, not what it returns.',
      );
    }
    this.#begun = true;
    return this.#source;
  }

  #check(given: HostBatch, what: string): Batch {
    if (typeof given !== 'object' || given === null || !('x' in given) || !('y' in given)) {
      throw new DataError(`${what} is no { x, y }.`);
    }
    const batch: Batch = { x: ndarray(given.x), y: ndarray(given.y) };
    const rows = rowsOf(batch.x);
    if (rows !== rowsOf(batch.y) || batch.y.shape.length === 0) {
      throw new DataError(`${what} has x ${specText(batch.x)} and y ${specText(batch.y)}: each row of x needs one of y.`);
    }
    if (rows === 0) throw new DataError(`${what} is empty: x is ${specText(batch.x)}.`);
    if (!this.#allowNonFinite) {
      checkFinite(batch.x, `${what}: x`);
      checkFinite(batch.y, `${what}: y`);
    }
    if (given.weights === undefined) return batch;
    const weights = checkWeights(ndarray(given.weights), `${what}: weights`);
    if (rowsOf(weights) !== rows) throw new DataError(`${what} has ${rows} rows and ${rowsOf(weights)} weights. Each row needs one.`);
    return { ...batch, weights };
  }
}

/** @throws DataError for what a function gives that is no batches */
function expectIterable(given: Batches): Batches {
  const value: unknown = given;
  if (typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)) return given;
  const wait = value instanceof Promise ? ' Await the data first, or write async function* and yield batches.' : '';
  throw new DataError(`The function that is to give batches { x, y }, one after the other, gives ${valueText(value)}.${wait}`);
}

function readsOnce(source: Batches): boolean {
  const iterable: { [Symbol.asyncIterator]?: () => unknown; [Symbol.iterator]?: () => unknown } = source;
  return (iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator])?.call(source) === source;
}

function expectSameSamples(array: TensorSpec, first: TensorSpec, what: string): void {
  if (array.dtype === first.dtype && sameShape(array.shape.slice(1), first.shape.slice(1))) return;
  throw new DataError(`${what} is ${specText(array)}, but the first batch has ${specText(first)}: only the number of rows may differ.`);
}
