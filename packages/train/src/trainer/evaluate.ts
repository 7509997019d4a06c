// Going once through data without training.
import type { Figure } from '@nn/core';
import type { BatchOptions } from '@nn/data';
import type { Evaluation } from '../history.ts';
import type { GivenBatch } from './batch.ts';
import type { Engine } from './engine.ts';
import type { Emit } from './emit.ts';
import { emitCompiled } from './emit.ts';
import { FigureSums } from './figureSums.ts';
import { noRows } from './peek.ts';
import { pipeline } from './pipeline.ts';
import type { PassSource } from './residentDataset.ts';

/**
 * Loss and metrics over all rows, or undefined when the signal stopped it. The last short batch is a program of its own, not padded:
 * a metric adds up over the rows it is given.
 *
 * @throws DataError for data without rows
 */
export async function evaluateSource(
  engine: Engine,
  emit: Emit,
  source: PassSource,
  options: { readonly batchSize: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Evaluation<Figure> | undefined> {
  const { batchSize, signal } = options;
  const sums = new FigureSums();
  let stopped = false;
  const batchOptions: BatchOptions = batchSize === undefined ? {} : { batchSize };
  const batches: Iterable<GivenBatch> | AsyncIterable<GivenBatch> = source.batches(batchOptions);
  await pipeline(batches, {
    stop: () => (stopped = signal?.aborted === true),
    async start(batch) {
      await engine.turn.yieldIfDue();
      const started = await engine.evaluate(batch);
      await emitCompiled(emit, engine.backend, started.compiled);
      return started;
    },
    async settle({ figures }) {
      sums.add(await figures);
    },
  });
  if (stopped) return undefined;
  if (sums.rows === 0) throw noRows();
  return sums.evaluation(engine.plan.metrics);
}
