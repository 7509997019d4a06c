// One epoch of training: steps in a pipeline, figures added up, progress noted for checkpoints.
import type { Batch } from '@nn/data';
import type { EpochFigures } from '../history.ts';
import type { Emit } from './emit.ts';
import { emitCompiled } from './emit.ts';
import type { Engine, StartedStep } from './engine.ts';
import type { BatchFigures } from './figureSums.ts';
import { FigureSums } from './figureSums.ts';
import { noRows } from './peek.ts';
import { pipeline } from './pipeline.ts';
import { nonFiniteError, skippedStep } from './nonFinite.ts';
import type { TrainingSource } from './sources.ts';
import { batchOptions } from './sources.ts';
import type { EpochProgress } from './state.ts';

/**
 * Trains for one epoch, or for what is left of an interrupted one. Undefined when the signal stopped it; the engine then knows how far
 * it came.
 *
 * @throws NumericError for a step that is not finite, the state being that of the beginning of this call; DataError for data without rows
 */
export async function runEpoch(
  engine: Engine,
  emit: Emit,
  training: TrainingSource,
  signal: AbortSignal | undefined,
): Promise<EpochFigures | undefined> {
  const { source } = training;
  const before = engine.plan.skipsNonFinite ? undefined : await engine.snapshot();
  const epoch = engine.state.epoch + 1;
  const progress = new Progress(training, engine.state.progress);
  const total = training.batches === undefined ? {} : { batches: training.batches };
  await emit({ type: 'epochStart', epoch, ...total, done: progress.started });
  let stopped = false;

  await pipeline(source.batches(batchOptions(training, engine, progress.started)), {
    stop: () => (stopped = signal?.aborted === true),
    async start(batch) {
      await engine.turn.yieldIfDue();
      const started = await engine.train(batch, progress.begin());
      progress.leaveOut(started.compiled?.seconds ?? 0);
      await emitCompiled(emit, engine.backend, started.compiled);
      return { ...started, batch };
    },
    async settle({ step, learningRate, batch, figures: arriving }: StartedStep & { readonly batch: Batch }) {
      const figures = await arriving;
      progress.end(figures.finite ? figures : undefined);
      if (!figures.finite && before === undefined) await emit(skippedStep(step, figures));
      if (!figures.finite && before !== undefined)
        throw await nonFiniteError(engine, emit, { before, training, step, batch, figures, signal });
      engine.noteProgress({ epoch: epoch - 1, progress: progress.toData() });
      const { rows, loss, gradientNorm } = figures;
      const soFar = { batch: progress.settled, ...total, figures: progress.sums.figures(engine.plan.metrics) };
      await emit({
        type: 'step',
        step,
        epoch,
        ...soFar,
        rows,
        learningRate,
        loss,
        gradientNorm,
        samplesPerSecond: progress.samplesPerSecond,
      });
    },
  });
  if (stopped) return undefined;
  if (progress.started === 0) throw noRows();
  engine.noteProgress({ epoch });
  const { seconds, samplesPerSecond } = progress;
  return { epoch, ...progress.sums.figures(engine.plan.metrics), seconds, samplesPerSecond };
}

/** How far an epoch is. */
class Progress {
  readonly sums: FigureSums;
  readonly #plan: EpochProgress['plan'];
  readonly #secondsBefore: number;
  readonly #start = performance.now();
  #leftOut = 0;
  #started: number;
  #settled: number;

  constructor({ plan }: TrainingSource, interrupted: EpochProgress | undefined) {
    this.#plan = plan;
    this.#started = interrupted?.batches ?? 0;
    this.#settled = this.#started;
    this.#secondsBefore = interrupted?.seconds ?? 0;
    this.sums = interrupted === undefined ? new FigureSums() : FigureSums.from(interrupted.figures);
  }

  /** Batches handed to the device. */
  get started(): number {
    return this.#started;
  }

  /** Batches whose figures have arrived. */
  get settled(): number {
    return this.#settled;
  }

  /** Wall time of the steps; compiling is not counted. */
  get seconds(): number {
    return this.#secondsBefore + Math.max(0, (performance.now() - this.#start) / 1000 - this.#leftOut);
  }

  get samplesPerSecond(): number {
    return this.sums.rows / Math.max(this.seconds, Number.EPSILON);
  }

  /** Counts a batch that is handed over now. */
  begin(): EpochProgress {
    this.#started += 1;
    return this.toData();
  }

  /** Adds the figures of a batch, unless it was skipped. */
  end(figures: BatchFigures | undefined): void {
    this.#settled += 1;
    if (figures !== undefined) this.sums.add(figures);
  }

  leaveOut(seconds: number): void {
    this.#leftOut += seconds;
  }

  /** Counts what was started, because its variables are written; figures on their way are not in it. */
  toData(): EpochProgress {
    return { plan: this.#plan, batches: this.#started, figures: this.sums.toData(), seconds: this.seconds };
  }
}
