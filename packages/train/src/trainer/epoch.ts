// One epoch of training: steps in a pipeline, figures added up, progress noted for checkpoints.
import type { EpochFigures } from '../history.ts';
import type { GivenBatch } from './batch.ts';
import type { Emit } from './emit.ts';
import { emitCompiled } from './emit.ts';
import type { Engine, Snapshot, StartedStep } from './engine.ts';
import { noRows } from './peek.ts';
import { pipeline } from './pipeline.ts';
import { nonFiniteError, skippedStep } from './nonFinite.ts';
import { Progress } from './progress.ts';
import type { PassSource } from './residentDataset.ts';
import type { TrainingSource } from './sources.ts';
import { batchOptions } from './sources.ts';

/**
 * Trains for one epoch, or for what is left of an interrupted one. Undefined when the signal stopped it; the engine then knows how far
 * it came.
 *
 * @throws NumericError for a step that is not finite, and the error of a run that failed, the state being that of the beginning of this
 * call; DataError for data without rows
 */
export async function runEpoch(
  engine: Engine,
  emit: Emit,
  training: TrainingSource<PassSource>,
  signal: AbortSignal | undefined,
): Promise<EpochFigures | undefined> {
  const { source } = training;
  const before = engine.plan.skipsNonFinite ? undefined : await engine.snapshot();
  const epoch = engine.state.epoch + 1;
  const progress = new Progress(training.plan, engine.state.progress);
  const total = training.batches === undefined ? {} : { batches: training.batches };
  await emit({ type: 'epochStart', epoch, ...total, done: progress.started });
  let stopped = false;

  const batches: Iterable<GivenBatch> | AsyncIterable<GivenBatch> = source.batches(batchOptions(training, engine, progress.started));
  await pipeline(batches, {
    stop: () => (stopped = signal?.aborted === true),
    async start(batch) {
      await engine.turn.yieldIfDue();
      const started = await engine.train(batch, progress.begin());
      progress.leaveOut(started.compiled?.seconds ?? 0);
      await emitCompiled(emit, engine.backend, started.compiled);
      return { ...started, batch };
    },
    async settle({ step, learningRate, batch, figures: arriving }: StartedStep & { readonly batch: GivenBatch }) {
      const figures = await arriving.catch(async (error: unknown) => {
        if (before !== undefined) await tryRestore(engine, before);
        throw error;
      });
      progress.end(figures.finite ? figures : undefined);
      if (!figures.finite) {
        if (before !== undefined) throw await nonFiniteError(engine, emit, { before, training, step, batch, figures, signal });
        await emit(skippedStep(step, figures));
      }
      engine.noteFigures(progress.arrived);
      const { rows, loss, gradientNorm } = figures;
      const { settled, sums, samplesPerSecond } = progress;
      await emit(() => {
        const soFar = { batch: settled, ...total, figures: sums.figures(engine.plan.metrics), samplesPerSecond };
        return { type: 'step', step, epoch, rows, learningRate, loss, gradientNorm, ...soFar };
      });
    },
  });
  if (stopped) return undefined;
  if (progress.started === 0) throw noRows();
  engine.endEpoch();
  const { seconds, samplesPerSecond } = progress;
  return { epoch, ...progress.sums.figures(engine.plan.metrics), seconds, samplesPerSecond };
}

/** After a run that was lost, the runs behind it may have been done. A device that is gone takes nothing back; its error is on the way. */
async function tryRestore(engine: Engine, before: Snapshot): Promise<void> {
  await engine.restore(before).catch(() => undefined);
}
