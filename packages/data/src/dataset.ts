// Data in memory: samples with their targets, in order or shuffled, whole or in part.
import type { ArrayLike, ForeignNames, NdArray, Shape } from '@nn/core';
import {
  checkFlag,
  checkInteger,
  checkSeed,
  ConfigError,
  DataError,
  expectMethod,
  ndarray,
  resolveOptions,
  specText,
  streamKey,
  valueText,
} from '@nn/core';
import type { Augmentation } from './augmentation/augment.ts';
import type { Batch, BatchOptions, BatchSource } from './batching.ts';
import { batchPlan, resolveBatchOptions, epochOrder } from './batching.ts';
import { checkFinite, checkWeights } from './checks.ts';
import { checkLabels } from './labels.ts';
import { permutation } from './random/permutation.ts';
import type { Samples } from './samples.ts';
import { heldSamples, isSamples, scaledBytes } from './samples.ts';

const defaultBatchSize = 32;

const splitHints: ForeignNames = { shuffle: 'Give a seed to draw the rows of a part at random.' };

/** Arrays to make a {@link Dataset} of. Typed arrays and `NdArray`s are held, not copied: leave them as they are afterwards. */
export interface DatasetArrays {
  /** Samples [rows, …]. */
  readonly x: ArrayLike | Samples;
  /** Targets [rows] or [rows, …]. */
  readonly y: ArrayLike | Samples;
  /** Shape of `x`, for a typed array; one extent may be −1: `[-1, 28, 28, 1]`. */
  readonly shape?: Shape;
  /** For an `x` of bytes: they stay bytes and are read as f32, multiplied by this (1 / 255). */
  readonly scale?: number;
  /** How much each row counts in the loss [rows], from 0 (1 for all). Metrics count every row alike. */
  readonly weights?: ArrayLike;
  /** Says that `y` are class indices below this number: they are checked and become i32. */
  readonly classes?: number;
  /** Lets NaN and infinities through (false: they are refused). */
  readonly allowNonFinite?: boolean;
}

/** What is known of a data set, and what happens to it, beside its samples and targets. */
export interface DatasetTraits {
  /** Number of classes, when the targets are class indices that have been checked. */
  readonly classes?: number;
  /** How much each row counts in the loss, f32 [rows]. */
  readonly weights?: Samples;
  readonly augmentation?: Augmentation;
}

/** Samples `x` with their targets `y`. */
export class Dataset implements BatchSource {
  readonly x: Samples;
  readonly y: Samples;
  readonly classes?: number;
  readonly weights?: Samples;
  /** What changes the samples of a batch at random; `x` itself has them as they are. */
  readonly augmentation?: Augmentation;

  /** @throws DataError unless `x`, `y` and the weights have equally many rows. */
  constructor(x: Samples, y: Samples, { classes, weights, augmentation }: DatasetTraits = {}) {
    if (x.count !== y.count) {
      throw new DataError(`x has ${x.count} rows (${specText(x)}) and y has ${y.count} (${specText(y)}). Each sample needs one target.`);
    }
    this.x = x;
    this.y = y;
    if (weights !== undefined && weights.count !== x.count) {
      throw new DataError(`x has ${x.count} rows (${specText(x)}) and there are ${weights.count} weights. Each sample needs one.`);
    }
    if (classes !== undefined) this.classes = classes;
    if (weights !== undefined) this.weights = weights;
    if (augmentation !== undefined) this.augmentation = augmentation;
  }

  /** Number of rows. */
  get size(): number {
    return this.x.count;
  }

  /**
   * One pass over the rows in batches of fresh arrays. With `shuffle` the order follows from seed and epoch alone, whatever the batch size.
   * @throws ConfigError for options out of range.
   */
  batches(options: BatchOptions = {}): Iterable<Batch> {
    const { seed, epoch } = resolveBatchOptions(options);
    const { x, y, weights, augmentation } = this;
    const batchOf = (rows: Int32Array): Batch => {
      const samples = x.gather(rows);
      return {
        x: augmentation?.apply(samples, { seed, epoch, samples: rows }) ?? samples,
        y: y.gather(rows),
        ...(weights === undefined ? {} : { weights: weights.gather(rows) }),
      };
    };
    const rowsOfBatches = this.rowsOfBatches(options);
    return {
      *[Symbol.iterator]() {
        for (const rows of rowsOfBatches) yield batchOf(rows);
      },
    };
  }

  /** Which rows are in the batches of one pass: those of `batches` with the same options. @throws as `batches` */
  rowsOfBatches(options: BatchOptions = {}): Iterable<Int32Array> {
    const { batchSize = defaultBatchSize, lastBatch, start, ...order } = resolveBatchOptions(options);
    const { size } = this;
    const sizes = batchPlan(size, batchSize, lastBatch);
    return {
      *[Symbol.iterator]() {
        const rows = epochOrder(size, order);
        for (let index = start; index < sizes.length; index++) yield rows.subarray(index * batchSize, index * batchSize + sizes[index]!);
      },
    };
  }

  /** The rows at `indices`, in that order. @throws DataError when one does not exist. */
  subset(indices: Iterable<number>): Dataset {
    if (!(Symbol.iterator in Object(indices))) throw new DataError(`subset takes a list of row numbers, not ${valueText(indices)}.`);
    const chosen = [...indices];
    const { weights } = this;
    const traits = weights === undefined ? this : { ...this.#traits, weights: weights.select(chosen) };
    return new Dataset(this.x.select(chosen), this.y.select(chosen), traits);
  }

  /** The first `count` rows, or all of them if there are fewer. @throws ConfigError unless `count` is an integer of at least 0 */
  take(count: number): Dataset {
    checkInteger('take', 'count', count, { from: 0 });
    return count >= this.size ? this : this.subset(Array.from({ length: count }, (_, row) => row));
  }

  /**
   * Two parts that share no row: the first of `size` rows, the second of the others.
   *
   * @param size a number of rows, or a fraction between 0 and 1
   * @param options with a `seed` the rows of a part are drawn at random; without, the first part is the front
   * @throws ConfigError for a size or a seed out of range.
   */
  split(size: number, options: { readonly seed?: number } = {}): [Dataset, Dataset] {
    const rows = size > 0 && size < 1 ? Math.round(size * this.size) : size;
    if (!Number.isInteger(rows) || rows < 0 || rows > this.size) {
      throw new ConfigError(`split: ${size} is neither a number of rows from 0 to ${this.size} nor a fraction between 0 and 1.`);
    }
    const { seed } = resolveOptions<{ seed: number | undefined }>('split', options, { seed: undefined }, splitHints);
    const order =
      seed === undefined
        ? epochOrder(this.size, { shuffle: false, seed: 0, epoch: 0 })
        : permutation(this.size, streamKey(checkSeed(seed), 'data/split', 0, 0));
    return [this.subset(order.subarray(0, rows)), this.subset(order.subarray(rows))];
  }

  /** The same targets with samples that pass through `apply` when they are read: see {@link Samples.transform}. */
  transform(apply: (x: NdArray) => NdArray): Dataset {
    return new Dataset(this.x.transform(apply), this.y, this);
  }

  /** The same data, whose batches are changed at random: for training. What a sample becomes follows from its number, seed and epoch. */
  augmented(augmentation: Augmentation): Dataset {
    expectMethod(augmentation, 'apply', 'augmented: augmentation', 'made by augment([shift(), …])');
    return new Dataset(this.x, this.y, { ...this.#traits, augmentation });
  }

  /** The same data, the targets checked to be class indices below `classes` and i32. @throws DataError naming the first that is not */
  classified(classes: number): Dataset {
    const labels = heldSamples(checkLabels(this.y.slice(), classes));
    return new Dataset(this.x, labels, { ...this.#traits, classes });
  }

  get #traits(): DatasetTraits {
    const { classes, weights, augmentation } = this;
    return {
      ...(classes === undefined ? {} : { classes }),
      ...(weights === undefined ? {} : { weights }),
      ...(augmentation === undefined ? {} : { augmentation }),
    };
  }

  toString(): string {
    return `Dataset of ${this.size} rows: x ${specText(this.x)}, y ${specText(this.y)}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The data set of `arrays`: what `dataset({ x, y })` gives. */
export function datasetOfArrays(arrays: DatasetArrays): Dataset {
  const resolved = resolveArrays(arrays);
  const x = samplesOfX(resolved);
  const y = isSamples(resolved.y) ? resolved.y : heldSamples(checkedArray('y', resolved.y, resolved));
  const { classes, weights } = resolved;
  const made = new Dataset(x, y, weights === undefined ? {} : { weights: heldSamples(checkWeights(ndarray(weights))) });
  return classes === undefined ? made : made.classified(classes);
}

type ResolvedArrays = { readonly [Name in keyof DatasetArrays]-?: DatasetArrays[Name] | undefined } & Pick<DatasetArrays, 'x' | 'y'> & {
    readonly allowNonFinite: boolean;
  };

function resolveArrays(arrays: DatasetArrays): ResolvedArrays {
  const { x, y } = arrays;
  const defaults: ResolvedArrays = {
    x,
    y,
    shape: undefined,
    scale: undefined,
    weights: undefined,
    classes: undefined,
    allowNonFinite: false,
  };
  const resolved = resolveOptions('dataset', arrays, defaults, {
    numClasses: 'Give classes.',
    labels: 'Give y.',
    sampleWeight: 'Give weights.',
  });
  checkFlag('dataset', 'allowNonFinite', resolved.allowNonFinite);
  return resolved;
}

function samplesOfX(arrays: ResolvedArrays): Samples {
  const { x, shape, scale } = arrays;
  if (isSamples(x)) {
    if (shape === undefined && scale === undefined) return x;
    throw new ConfigError('dataset: shape and scale are for arrays; x is Samples, which have a shape and can be changed by transform.');
  }
  const array = checkedArray('x', shape === undefined ? x : ndarray(x, { shape }), arrays);
  return scale === undefined ? heldSamples(array) : scaledBytes(array, scale);
}

function checkedArray(name: string, source: ArrayLike, { allowNonFinite }: ResolvedArrays): NdArray {
  const array = ndarray(source);
  if (!allowNonFinite) checkFinite(array, name);
  return array;
}
