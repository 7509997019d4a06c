// `dataset(…)`: whatever people hold their data in, as something to train from.
import type { ForeignTensor } from '@nn/core';
import { DataError, withoutForeign } from '@nn/core';
import type { BatchSource } from './batching.ts';
import type { Dataset, DatasetArrays } from './dataset.ts';
import { datasetOfArrays } from './dataset.ts';
import type { BatchStream, StreamOptions } from './stream.ts';
import { StreamDataset } from './stream.ts';

/** What `fit` and `evaluate` take: arrays, batches one after the other, or a data set. */
export type DataSource = DatasetArrays | BatchStream | BatchSource;

/** Arrays `{ x, y }` of which some are tensors of another library. */
export type ForeignArrays = { readonly [Name in keyof DatasetArrays]: DatasetArrays[Name] | ForeignTensor };

/** `source` with the tensors of other libraries in it as arrays on the host. Those in the batches of a stream are converted as they come. */
export async function hostSource(source: DataSource | ForeignArrays): Promise<DataSource> {
  return withoutForeign<DataSource>(source);
}

/**
 * A data set from arrays `{ x, y }` (nested numbers, typed arrays, `NdArray`s), or from batches `{ x, y }` that a generator function, an
 * async iterable or an iterable gives. A data set is returned as it is.
 *
 * @throws DataError when `x` and `y` differ in rows, a value is NaN or infinite, a label is out of range, or `source` is none of these;
 * ShapeError and DTypeError for arrays that are ragged or hold no numbers; ConfigError for options out of range.
 */
export function dataset(source: DatasetArrays): Dataset;
export function dataset(source: BatchStream, options?: StreamOptions): StreamDataset;
export function dataset<Source extends BatchSource>(source: Source): Source;
export function dataset(source: DataSource): BatchSource;
export function dataset(source: DataSource, options: StreamOptions = {}): BatchSource {
  if (typeof source === 'function') return new StreamDataset(source, options);
  if (typeof source !== 'object' || source === null)
    throw new DataError(`A data set is made from { x, y } or from batches, not from ${describe(source)}.`);
  if ('batches' in source) return source;
  if ('x' in source && 'y' in source) return datasetOfArrays(source);
  if (Symbol.asyncIterator in source || Symbol.iterator in source) return new StreamDataset(source, options);
  throw new DataError(`A data set is made from { x, y } or from batches, not from ${describe(source)}.`);
}

function describe(source: unknown): string {
  if (typeof source !== 'object' || source === null) return String(source);
  const names = Object.keys(source);
  return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ')}`;
}
