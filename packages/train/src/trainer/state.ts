// What a trainer is in the middle of: the numbers that, with the variables, decide every later step.
import type { LastBatch } from '@nn/data';
import type { FigureData } from './figureSums.ts';

/** How an epoch goes through its data; an interrupted epoch goes on only with data and options for which this is the same. */
export interface EpochPlan {
  /** Rows of the data; null for a stream. */
  readonly rows: number | null;
  /** Null where a stream's batches are taken as they come. */
  readonly batchSize: number | null;
  readonly shuffle: boolean;
  readonly lastBatch: LastBatch;
}

export function samePlan(a: EpochPlan, b: EpochPlan): boolean {
  return a.rows === b.rows && a.batchSize === b.batchSize && a.shuffle === b.shuffle && a.lastBatch === b.lastBatch;
}

/** An epoch that was interrupted. */
export interface EpochProgress {
  readonly plan: EpochPlan;
  /** Batches done. */
  readonly batches: number;
  readonly figures: FigureData;
  readonly seconds: number;
}

/** Plain data: it is saved in checkpoints as JSON. */
export interface TrainingState {
  readonly seed: number;
  /** Steps done, those included that were left out. */
  readonly step: number;
  /** Steps that were left out because they were not finite (0). */
  readonly skipped?: number;
  /** Epochs done. */
  readonly epoch: number;
  /** The preparations have set the starting values. */
  readonly prepared?: boolean;
  /** What plateaus have made of the learning rate: a factor on it (1). */
  readonly learningRateFactor?: number;
  readonly progress?: EpochProgress;
}

/**
 * Steps that had an effect. Optimizers, schedules, averages and random layers count these: after a step that was left out they go on as
 * if its batch had not been there.
 */
export function effectiveSteps({ step, skipped = 0 }: TrainingState): number {
  return step - skipped;
}

/** The state without an epoch that is under way. */
export function betweenEpochs(state: TrainingState): TrainingState {
  const { progress: _progress, ...rest } = state;
  return rest;
}
