// `fit`: epoch after epoch over data, with validation, early stopping and a history.
import type { Figure, Warning } from '@nn/core';
import type { BatchSource, DataSource, ForeignArrays } from '@nn/data';
import { hostSource } from '@nn/data';
import { ImprovementWatch, expectFigure } from '../callbacks/improvement.ts';
import type { ReduceOnPlateau } from '../callbacks/reduceOnPlateau.ts';
import { PlateauWatch } from '../callbacks/reduceOnPlateau.ts';
import type { Callback } from '../events.ts';
import type { EpochFigures, Evaluation, History } from '../history.ts';
import { figureNames, validationName } from '../history.ts';
import { prepareStart } from '../prepare/prepare.ts';
import { metricsOf } from '../programs/objective.ts';
import type { Emit } from './emit.ts';
import type { Engine, Snapshot } from './engine.ts';
import { runEpoch } from './epoch.ts';
import { evaluateSource } from './evaluate.ts';
import type { CheckedFitOptions, FitOptions } from './fitOptions.ts';
import { checkFitOptions } from './fitOptions.ts';
import type { PassSource } from './residentDataset.ts';
import { whileResident } from './residentDataset.ts';
import type { TrainingSource } from './sources.ts';
import { batchesOf, openSource, openTraining } from './sources.ts';
import type { EpochPlan } from './state.ts';

/** Validation data, ready to go through. */
interface ValidationSource {
  readonly source: BatchSource;
  /** Names of the metrics. */
  readonly metrics: readonly string[];
}

/** @throws everything that `Trainer.fit` says */
export async function fit(
  engine: Engine,
  emitterTo: (callbacks: readonly Callback[]) => Emit,
  data: DataSource,
  given: FitOptions,
): Promise<History> {
  const options = checkFitOptions(given);
  const emit = emitterTo(options.callbacks);
  if (options.epochs === 0) return { epochs: [] };
  const opened = await openTraining(engine, data, options);
  const validation = options.validation === undefined ? undefined : await openValidation(engine, options.validation, opened.plan);
  expectWatched(options, opened, validation);
  await announce(engine, emit, opened, options.epochs);
  const training = options.signal?.aborted === true ? opened : await prepareStart(engine, emit, opened);
  const warn = (warning: Warning): Promise<void> => emit({ type: 'warning', ...warning });
  const useOf = (batches: number | undefined): Parameters<typeof whileResident>[1] => ({
    backend: engine.backend,
    batches: batches && batches * options.epochs,
    warn,
  });
  return whileResident(training.source, useOf(training.batches), async (source) => {
    const resident = { ...training, source };
    if (validation === undefined) return runEpochs(engine, emit, resident, undefined, options);
    const batches = batchesOf(validation.source, training.plan.batchSize);
    return whileResident(validation.source, useOf(batches), (judged) => runEpochs(engine, emit, resident, judged, options));
  });
}

async function runEpochs(
  engine: Engine,
  emit: Emit,
  training: TrainingSource<PassSource>,
  validation: PassSource | undefined,
  { epochs: count, signal, earlyStopping, reduceOnPlateau }: CheckedFitOptions,
): Promise<History> {
  const lastEpoch = engine.state.epoch + count;
  const watch = earlyStopping === undefined ? undefined : new ImprovementWatch('earlyStopping', earlyStopping);
  const plateau = reduceOnPlateau === undefined ? undefined : new PlateauWatch(reduceOnPlateau);
  const epochs: EpochFigures[] = [];
  let best: Snapshot | undefined;
  let stopped: History['stopped'];
  while (engine.state.epoch < lastEpoch && stopped === undefined) {
    const trained = signal?.aborted === true ? undefined : await runEpoch(engine, emit, training, signal);
    const judged = trained === undefined ? undefined : await judge(engine, emit, validation, training.plan, signal);
    if (trained !== undefined) {
      const figures = withValidation(trained, judged);
      epochs.push(figures);
      await emit({ type: 'epochEnd', epoch: figures.epoch, figures });
    }
    if (signal?.aborted === true) stopped = 'aborted';
    else if (watch !== undefined) {
      if (watch.improves(epochs.at(-1)!)) best = earlyStopping?.restoreBest === true ? await engine.snapshot() : undefined;
      else if (watch.exhausted) stopped = 'earlyStopping';
    }
    if (stopped === undefined && plateau?.reducesAfter(epochs.at(-1)!) === true) await lowerRate(engine, emit, reduceOnPlateau!);
  }
  const restoredEpoch = stopped === 'aborted' ? undefined : await restoreBest(engine, best);
  const history: History = {
    epochs,
    ...(stopped === undefined ? {} : { stopped }),
    ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
  };
  await emit({ type: 'runEnd', history });
  return history;
}

/** @throws ConfigError for a figure to watch that no epoch will have */
function expectWatched(
  { earlyStopping, reduceOnPlateau }: CheckedFitOptions,
  { metrics }: TrainingSource,
  validation: ValidationSource | undefined,
): void {
  if (metrics === undefined) return;
  const figures = figureNames(metrics, validation?.metrics);
  expectFigure('earlyStopping', earlyStopping, figures);
  expectFigure('reduceOnPlateau', reduceOnPlateau, figures);
}

/** Lowers the learning rate, unless it is as low as it may be. */
async function lowerRate(engine: Engine, emit: Emit, { factor, minimum, monitor }: ReduceOnPlateau): Promise<void> {
  const { before, after } = engine.scaleLearningRate(factor, minimum);
  if (after < before) await emit({ type: 'learningRateReduced', epoch: engine.state.epoch, monitor, from: before, to: after });
}

/** Says that the run begins, and what is worth a warning before it does. */
async function announce(engine: Engine, emit: Emit, { source, resumes, warning }: TrainingSource, epochs: number): Promise<void> {
  const { epoch, progress } = engine.state;
  const rows = source.size;
  await emit({
    type: 'runStart',
    backend: engine.backend.name,
    firstEpoch: epoch + 1,
    lastEpoch: epoch + epochs,
    ...(rows === undefined ? {} : { rows }),
  });
  if (warning !== undefined) await emit({ type: 'warning', ...warning });
  if (progress !== undefined && !resumes) {
    engine.abandonEpoch();
    const message = `Epoch ${epoch + 1} was interrupted after ${progress.batches} batches of other data or another batch size; it begins anew.`;
    await emit({ type: 'warning', code: 'train.epoch-abandoned', message });
  }
}

/** Traces the evaluation program too, so that what is wrong with it is known before the first step. */
async function openValidation(engine: Engine, data: DataSource | ForeignArrays, { batchSize }: EpochPlan): Promise<ValidationSource> {
  const { source, batch } = await openSource(engine, await hostSource(data), batchSize === null ? {} : { batchSize });
  // A pass from the beginning on has a batch.
  return { source, metrics: metricsOf(engine.plan.trace({ purpose: 'evaluation', ...batch! })) };
}

async function judge(
  engine: Engine,
  emit: Emit,
  validation: PassSource | undefined,
  { batchSize }: EpochPlan,
  signal: AbortSignal | undefined,
): Promise<Evaluation<Figure> | undefined> {
  return validation === undefined ? undefined : evaluateSource(engine, emit, validation, { batchSize: batchSize ?? undefined, signal });
}

/** Goes back to the best epoch, unless it is the last one. */
async function restoreBest(engine: Engine, best: Snapshot | undefined): Promise<number | undefined> {
  if (best === undefined || best.state.epoch === engine.state.epoch) return undefined;
  await engine.restore(best);
  return best.state.epoch;
}

function withValidation({ seconds, samplesPerSecond, ...trained }: EpochFigures, judged: Evaluation<Figure> | undefined): EpochFigures {
  const validated = Object.entries(judged ?? {})
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => [validationName(name), value]);
  return { ...trained, ...Object.fromEntries(validated), seconds, samplesPerSecond } as EpochFigures;
}
