// Data on their way into the trainer: what a sample looks like, targets checked, batches planned. All before the first step.
import type { TensorSpec, Warning } from '@nn/core';
import type { BatchOptions, BatchSource, DataSource, LastBatch } from '@nn/data';
import { Dataset, dataset } from '@nn/data';
import type { BuiltModel, Engine } from './engine.ts';
import { planBatches } from './lastBatch.ts';
import { noRows, peek } from './peek.ts';
import { withoutRows } from './rows.ts';
import type { EpochPlan } from './state.ts';
import { classesOf, withCheckedTargets } from './targets.ts';

const defaultBatchSize = 32;

/** Training data, ready to go through. */
export interface TrainingSource {
  readonly source: BatchSource;
  readonly plan: EpochPlan;
  /** Batches of an epoch, when the data tell. */
  readonly batches: number | undefined;
  readonly warning: Warning | undefined;
}

/**
 * @throws DataError for data without rows or with labels out of range; the typed errors of the model, which is built for the data if
 * it was not before
 */
export async function openTraining(
  engine: Engine,
  data: DataSource,
  options: { readonly batchSize: number | undefined; readonly shuffle: boolean; readonly lastBatch: LastBatch },
): Promise<TrainingSource> {
  const { shuffle, lastBatch } = options;
  const given = dataset(data);
  const batchSize = options.batchSize ?? (given.size === undefined ? undefined : defaultBatchSize);
  const plan: EpochPlan = { rows: given.size ?? null, batchSize: batchSize ?? null, shuffle, lastBatch };
  const source = await openSource(engine, given, (start) => batchOptions(plan, engine, start));
  if (!(source instanceof Dataset) || batchSize === undefined) return { source, plan, batches: undefined, warning: undefined };
  const planned = planBatches(engine.plan, { size: source.size, batchSize, lastBatch }, source);
  return { source, plan: { ...plan, lastBatch: planned.lastBatch }, batches: planned.sizes.length, warning: planned.warning };
}

/** Data with checked targets, for a trainer whose model is built for them if it was not before. @throws as {@link openTraining} */
export async function openSource(
  engine: Engine,
  data: DataSource,
  firstPass: (start: number) => BatchOptions = () => ({}),
): Promise<BatchSource> {
  const given = dataset(data);
  if (given.size === 0) throw noRows();
  const { source, sample } = await sampleOf(engine, given, firstPass);
  const model = sample === undefined ? engine.model! : await engine.build(sample);
  return withCheckedTargets(source, (target) => classesOf(engine.plan.loss, model.prediction, target));
}

/** How to go through an epoch from a batch on. */
export function batchOptions(plan: EpochPlan, { state }: Engine, start: number): BatchOptions {
  const { batchSize, shuffle, lastBatch } = plan;
  return { ...(batchSize === null ? {} : { batchSize }), shuffle, lastBatch, seed: state.seed, epoch: state.epoch, start };
}

/** What a sample looks like: from the data if they tell, else from the first batch where the model must be built. */
async function sampleOf(
  { model, state }: { readonly model: BuiltModel | undefined; readonly state: Engine['state'] },
  source: BatchSource,
  firstPass: (start: number) => BatchOptions,
): Promise<{ readonly source: BatchSource; readonly sample: TensorSpec | undefined }> {
  if (source instanceof Dataset) return { source, sample: withoutRows(source.x) };
  if (model !== undefined) return { source, sample: undefined };
  const peeked = await peek(source, firstPass(state.progress?.batches ?? 0));
  return { source: peeked.source, sample: withoutRows(peeked.first.x) };
}
