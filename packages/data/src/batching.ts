// How rows are put in order and cut into batches.
import type { NdArray, Shape } from '@nn/core';
import { checkChoice, checkFlag, checkInteger, checkSeed, resolveOptions, streamKey } from '@nn/core';
import { permutation } from './random/permutation.ts';

/** Some samples with their targets; both have the same number of rows. */
export interface Batch {
  readonly x: NdArray;
  readonly y: NdArray;
  /** How much each row counts in the loss, f32 [rows]; absent where all count 1. */
  readonly weights?: NdArray;
}

/** Every {@link LastBatch}. */
export const lastBatchRules = ['keep', 'drop', 'merge'] as const;

/**
 * What happens to the rows that are left when the number of rows is no multiple of the batch size: they are a short batch of their own,
 * are left out, or join the batch before them. Nothing is ever padded.
 */
export type LastBatch = (typeof lastBatchRules)[number];

/** How to go once through the data. */
export interface BatchOptions {
  /** Rows in a batch (32). A stream without it gives its batches as they come. */
  readonly batchSize?: number;
  /** Default `'keep'`. */
  readonly lastBatch?: LastBatch;
  /** Another order in every epoch (false). A stream keeps its own order. */
  readonly shuffle?: boolean;
  /** With `epoch`, fixes the order (0). */
  readonly seed?: number;
  /** Counted from 0 (0). */
  readonly epoch?: number;
  /** Batches to leave out at the front, to go on within an epoch (0). */
  readonly start?: number;
}

/** What training and evaluation read from: data in memory, a stream, or an object of your own. */
export interface BatchSource {
  /** Number of rows, if it is known. */
  readonly size?: number;
  /** Number of classes, when the targets are class indices that have been checked. */
  readonly classes?: number;
  /** One pass over the rows. @throws ConfigError for options out of range; DataError for data that cannot be used. */
  batches(options?: BatchOptions): Iterable<Batch> | AsyncIterable<Batch>;
}

/** {@link BatchOptions} with every default filled in, but for the batch size, which only data in memory needs. */
export type ResolvedBatchOptions = Required<Omit<BatchOptions, 'batchSize'>> & { readonly batchSize: number | undefined };

const batchDefaults: ResolvedBatchOptions = { batchSize: undefined, lastBatch: 'keep', shuffle: false, seed: 0, epoch: 0, start: 0 };

/** Fills in the defaults. @throws ConfigError naming the option that is out of range, or unknown. */
export function resolveBatchOptions(options: BatchOptions): ResolvedBatchOptions {
  const resolved = resolveOptions('batches', options, batchDefaults);
  if (resolved.batchSize !== undefined) checkInteger('batches', 'batchSize', resolved.batchSize, { from: 1 });
  checkChoice('batches', 'lastBatch', resolved.lastBatch, lastBatchRules);
  checkFlag('batches', 'shuffle', resolved.shuffle);
  checkSeed(resolved.seed);
  checkInteger('batches', 'epoch', resolved.epoch, { from: 0 });
  checkInteger('batches', 'start', resolved.start, { from: 0 });
  return resolved;
}

/**
 * The sizes of the batches of one pass over `size` rows, in order: all are `batchSize`, but for the last. Data that does not fill one
 * batch is one short batch under every rule, since none of them is meant to leave nothing; no rows are no batches.
 *
 * @throws ConfigError unless `size` is an integer of at least 0 and `batchSize` one of at least 1
 */
export function batchPlan(size: number, batchSize: number, lastBatch: LastBatch = 'keep'): readonly number[] {
  checkInteger('batchPlan', 'size', size, { from: 0 });
  checkInteger('batchPlan', 'batchSize', batchSize, { from: 1 });
  checkChoice('batchPlan', 'lastBatch', lastBatch, lastBatchRules);
  if (size === 0) return [];
  if (size <= batchSize) return [size];
  const sizes = new Array<number>(Math.floor(size / batchSize)).fill(batchSize);
  const rest = size % batchSize;
  if (rest > 0 && lastBatch === 'keep') sizes.push(rest);
  if (lastBatch === 'merge') sizes[sizes.length - 1] = batchSize + rest;
  return sizes;
}

/** The order of the rows in an epoch: as they are, or a permutation that follows from seed and epoch alone. */
export function epochOrder(size: number, options: { shuffle: boolean; seed: number; epoch: number }): Int32Array {
  if (!options.shuffle) return Int32Array.from({ length: size }, (_, row) => row);
  return permutation(size, streamKey(options.seed, 'data/shuffle', 0, options.epoch));
}

/** Rows of `array`. */
export function rowsOf(array: { readonly shape: Shape }): number {
  return array.shape[0] ?? 0;
}
