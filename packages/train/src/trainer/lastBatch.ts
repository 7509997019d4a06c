// The short last batch: when the model cannot train on it, its rows join the batch before.
import type { TensorSpec, Warning } from '@nn/core';
import { isNnError } from '@nn/core';
import type { LastBatch } from '@nn/data';
import { batchPlan } from '@nn/data';
import type { Plan } from './plan.ts';
import { withRows } from './rows.ts';

/** The batches of an epoch over data of known size. */
export interface BatchesOfEpoch {
  readonly sizes: readonly number[];
  readonly lastBatch: LastBatch;
  /** Set when the rule that was asked for could not be kept. */
  readonly warning?: Warning;
}

/**
 * Traces the training programs of both batch sizes, so that what is wrong with them is known before the first step.
 * @param x, y specs of a batch of any size
 * @throws the typed errors of the model for the full batch
 */
export function planBatches(
  plan: Plan,
  { size, batchSize, lastBatch }: { readonly size: number; readonly batchSize: number; readonly lastBatch: LastBatch },
  batch: { readonly x: TensorSpec; readonly y: TensorSpec },
): BatchesOfEpoch {
  const sizes = batchPlan(size, batchSize, lastBatch);
  const [full = 0] = sizes;
  const last = sizes.at(-1) ?? 0;
  const trace = (rows: number): void => {
    plan.trace({ purpose: 'training', x: withRows(batch.x, rows), y: withRows(batch.y, rows) });
  };
  trace(full);
  if (last >= full) return { sizes, lastBatch };
  try {
    trace(last);
    return { sizes, lastBatch };
  } catch (error) {
    if (!isNnError(error)) throw error;
    return {
      sizes: batchPlan(size, batchSize, 'merge'),
      lastBatch: 'merge',
      warning: {
        code: 'train.last-batch-merged',
        message: `The last ${last} of ${size} rows cannot be a batch of their own and join the batch before. ${error.message}`,
      },
    };
  }
}
