// Data on their way into the trainer: the model is built for them, targets are checked, batches planned. All before the first step.
import type { TensorSpec, Warning } from '@nn/core';
import { specText } from '@nn/core';
import type { Augmentation, BatchOptions, BatchSource, DataSource, LastBatch } from '@nn/data';
import { Dataset, augmented, dataset } from '@nn/data';
import type { Engine } from './engine.ts';
import { planBatches } from './lastBatch.ts';
import { noRows, peek } from './peek.ts';
import type { BatchRequest } from './programCache.ts';
import type { PassSource } from './residentDataset.ts';
import type { EpochPlan } from './state.ts';
import { samePlan } from './state.ts';
import { checkedTargetSpec, classesOf, withCheckedTargets } from './targets.ts';
import { withoutRows } from './rows.ts';

const defaultBatchSize = 32;

/** Training data, ready to go through. */
export interface TrainingSource<Source extends PassSource = BatchSource> {
  readonly source: Source;
  /** What was asked for. */
  readonly plan: EpochPlan;
  /** The rule that is kept, see {@link planBatches}. */
  readonly lastBatch: LastBatch;
  /** Batches of an epoch, when the data tell. */
  readonly batches: number | undefined;
  /** Names of the metrics; undefined for a pass that has nothing left. */
  readonly metrics: readonly string[] | undefined;
  /** Whether an interrupted epoch goes on with these data. */
  readonly resumes: boolean;
  readonly warning: Warning | undefined;
}

/** Data with checked targets, and their first batch or, for data in memory, all of them. */
interface OpenSource {
  readonly source: BatchSource;
  /** Undefined for a pass that has nothing left. */
  readonly batch: BatchRequest | undefined;
}

/**
 * @throws DataError for data without rows or with labels out of range; the typed errors of the model, which is built for the data if
 * it was not before, and of its training program
 */
export async function openTraining(
  engine: Engine,
  data: DataSource,
  options: {
    readonly batchSize: number | undefined;
    readonly shuffle: boolean;
    readonly lastBatch: LastBatch;
    readonly augmentation?: Augmentation | undefined;
  },
): Promise<TrainingSource> {
  const { shuffle, lastBatch, augmentation } = options;
  const given = augmentation === undefined ? dataset(data) : augmented(dataset(data), augmentation);
  const batchSize = options.batchSize ?? (given.size === undefined ? undefined : defaultBatchSize);
  const plan: EpochPlan = { rows: given.size ?? null, batchSize: batchSize ?? null, shuffle, lastBatch };
  const { progress } = engine.state;
  const resumes = progress !== undefined && samePlan(progress.plan, plan);
  const { source, batch } = await openSource(engine, given, batchOptions({ plan, lastBatch }, engine, resumes ? progress.batches : 0));
  if (batch === undefined) return { source, plan, resumes, lastBatch, batches: undefined, metrics: undefined, warning: undefined };
  return { plan, resumes, ...planBatches(engine.plan, source, { batchSize, lastBatch }, batch) };
}

/**
 * Data with checked targets, for a trainer whose model is built for them if it was not before.
 * @param firstPass how the data will be gone through first; the first batch of a stream is taken from that pass
 * @throws as {@link openTraining}
 */
export async function openSource(engine: Engine, data: DataSource, firstPass: BatchOptions): Promise<OpenSource> {
  const given = dataset(data);
  if (given.size === 0) throw noRows();
  const { source, first } = given instanceof Dataset ? { source: given, first: given } : await peek(given, firstPass);
  const model = first === undefined ? engine.model! : await engine.build(withoutRows(first.x));
  const classes = remembered((target) => classesOf(engine.plan.loss, model.prediction, target));
  return {
    source: withCheckedTargets(source, engine.plan.loss, classes),
    batch: first && { x: first.x, y: checkedTargetSpec(first.y, classes), weighted: first.weights !== undefined },
  };
}

/** How to go through an epoch from a batch on. */
export function batchOptions(
  { plan, lastBatch }: Pick<TrainingSource, 'plan' | 'lastBatch'>,
  { state }: Engine,
  start: number,
): BatchOptions {
  const { batchSize, shuffle } = plan;
  return { ...(batchSize === null ? {} : { batchSize }), shuffle, lastBatch, seed: state.seed, epoch: state.epoch, start };
}

/** How many batches one pass is, when the data tell. */
export function batchesOf({ size }: BatchSource, batchSize: number | null): number | undefined {
  return size === undefined ? undefined : Math.ceil(size / (batchSize ?? defaultBatchSize));
}

/** Asks once per spec: a stream asks for every batch. */
function remembered(classes: (target: TensorSpec) => number | undefined): (target: TensorSpec) => number | undefined {
  const known = new Map<string, number | undefined>();
  return (target) => {
    const key = specText(target);
    if (!known.has(key)) known.set(key, classes(target));
    return known.get(key);
  };
}
