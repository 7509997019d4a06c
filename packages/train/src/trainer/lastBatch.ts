// The short last batch: when the model cannot train on it, its rows join the batch before.
import type { Program, Warning } from '@nn/core';
import { isNnError } from '@nn/core';
import type { BatchSource, LastBatch } from '@nn/data';
import { batchPlan } from '@nn/data';
import { metricsOf } from '../programs/objective.ts';
import { joinTail } from './joinTail.ts';
import type { Plan } from './plan.ts';
import type { BatchRequest } from './programCache.ts';
import { withRows } from './rows.ts';

/** How an epoch is cut into batches. */
export interface BatchesOfEpoch {
  readonly source: BatchSource;
  /** The number of batches, when the data tell. */
  readonly batches: number | undefined;
  readonly lastBatch: LastBatch;
  /** Names of the metrics. */
  readonly metrics: readonly string[];
  /** Set when the rule that was asked for cannot be kept. */
  readonly warning: Warning | undefined;
}

/**
 * Traces the training programs of both batch sizes, so that what is wrong with them is known before the first step.
 *
 * @param batch of a stream the first one, of other data one of any size
 * @throws the typed errors of the model for the full batch
 */
export function planBatches(
  plan: Plan,
  source: BatchSource,
  { batchSize, lastBatch }: { readonly batchSize: number | undefined; readonly lastBatch: LastBatch },
  batch: BatchRequest,
): BatchesOfEpoch {
  const refusal = (rows: number): string | undefined => refusalOf(plan, batch, rows);
  const { size } = source;
  if (size === undefined || batchSize === undefined) {
    const metrics = metricsOf(traceFor(plan, batch, batch.x.shape[0]!));
    const reason = lastBatch === 'keep' ? refusal(1) : undefined;
    if (reason === undefined) return { source, batches: undefined, lastBatch, metrics, warning: undefined };
    const joined = joinTail(source, (rows) => refusal(rows) === undefined);
    return { source: joined, batches: undefined, lastBatch, metrics, warning: joinsBefore('A single row left at the end', reason) };
  }
  const sizes = batchPlan(size, batchSize, lastBatch);
  const [full = 0] = sizes;
  const last = sizes.at(-1) ?? 0;
  const metrics = metricsOf(traceFor(plan, batch, full));
  const reason = last < full ? refusal(last) : undefined;
  if (reason === undefined) return { source, batches: sizes.length, lastBatch, metrics, warning: undefined };
  return {
    source,
    batches: sizes.length - 1,
    lastBatch: 'merge',
    metrics,
    warning: joinsBefore(`The last ${last} of ${size} rows`, reason),
  };
}

function joinsBefore(what: string, reason: string): Warning {
  return { code: 'train.last-batch-joined', message: `${what} cannot be a batch of its own and joins the batch before. ${reason}` };
}

/** @throws the typed errors of model, loss and metrics for batches of so many rows */
function traceFor(plan: Plan, { x, y, weighted }: BatchRequest, rows: number): Program {
  return plan.trace({ purpose: 'training', x: withRows(x, rows), y: withRows(y, rows), weighted });
}

/** What is wrong with batches of so many rows. */
function refusalOf(plan: Plan, batch: BatchRequest, rows: number): string | undefined {
  try {
    traceFor(plan, batch, rows);
    return undefined;
  } catch (error) {
    if (!isNnError(error)) throw error;
    return error.message;
  }
}
