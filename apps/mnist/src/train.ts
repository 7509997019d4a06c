// `nn-mnist train`: from settings to a run folder.
import { resolve } from 'node:path';
import type { Backend, Callback, Dataset, History, Trainer } from '@nn/kit';
import type { TrainRequest } from './arguments.ts';
import { withBackends } from './backend.ts';
import { displayOn } from './display.ts';
import type { ImageSets } from './images.ts';
import { imageSize, loadImages } from './images.ts';
import type { Io } from './io.ts';
import { writeLine } from './io.ts';
import { metricsLog } from './metricsLog.ts';
import { hiddenUnits, learningRateOf } from './model.ts';
import type { RunConfig } from './runConfig.ts';
import type { RunFolder, RunResult } from './runFolder.ts';
import { createRunFolder } from './runFolder.ts';
import type { Settings } from './settings.ts';
import { announcement, outcome } from './summary.ts';
import { checkSwaps, swapBackends } from './swap.ts';
import { createImageTrainer } from './trainer.ts';

/**
 * Trains a network and keeps the run. Everything that can be wrong beforehand, the run folder included, is found before the first step.
 * @throws the typed errors of data, backend and training; UsageError, FileError for the run folder; the signal's reason, once the run is
 * kept
 */
export async function train({ settings, out }: TrainRequest, io: Io): Promise<void> {
  checkSwaps(settings.swap, settings.epochs);
  await withBackends([settings.backend, ...settings.swap.map(({ backend }) => backend)], async (backends) => {
    const images = await loadImages(settings, io.signal);
    const config = configOf(settings, images);
    const trainer = await createImageTrainer(config, images.train, backends.get(settings.backend)!);
    const folder = await createRunFolder(out, config);
    for (const line of announcement(config, images, trainer.network)) writeLine(io.stdout, line);
    const result = await fitAndKeep(trainer, { config, images, folder, io, backends });
    for (const line of outcome(result, folder.path, io.program)) writeLine(io.stdout, line);
    io.signal.throwIfAborted();
  });
}

interface Run {
  readonly config: RunConfig;
  readonly images: ImageSets;
  readonly folder: RunFolder;
  readonly io: Io;
  /** Those the run may move to, by name. */
  readonly backends: ReadonlyMap<string, Backend>;
}

function configOf(settings: Settings, { test }: ImageSets): RunConfig {
  const { data } = settings;
  return {
    version: 1,
    ...settings,
    hidden: hiddenUnits(settings),
    rate: learningRateOf(settings),
    data: data === null ? null : resolve(data),
    image: imageSize(test),
  };
}

/** Trains, writing the network after every epoch and where it stopped, and the result. */
async function fitAndKeep(trainer: Trainer, { config, images, folder, io, backends }: Run): Promise<RunResult> {
  const { epochs, batch: batchSize, seed, swap } = config;
  const display = displayOn(io);
  let samplesPerSecond = 0;
  const measure: Callback = (event) => {
    if (event.type === 'step') samplesPerSecond = event.samplesPerSecond;
  };
  const writeModel = async (): Promise<void> => folder.writeModel(await trainer.network.toSafetensors());
  const keepEpoch: Callback = async (event) => {
    if (event.type === 'epochEnd') await writeModel();
  };
  const start = performance.now();
  try {
    const listeners = [...display.callbacks, measure, metricsLog(folder.appendMetrics), keepEpoch];
    const callbacks = [...listeners, swapBackends(trainer, swap, backends, listeners)];
    const history = await trainer.fit(images.train, { epochs, batchSize, validation: images.test, signal: io.signal, callbacks });
    const seconds = (performance.now() - start) / 1000;
    if (history.stopped !== undefined) await writeModel();
    display.finish();
    const test = await testFigures(trainer, history, images.test, batchSize);
    const result: RunResult = { ...test, seconds, samplesPerSecond, backend: trainer.backend.name, seed, epochs: trainer.epoch };
    await folder.writeResult(result);
    return result;
  } finally {
    display.close();
  }
}

/** Those of the last epoch; a run that was stopped is judged where it stopped. */
async function testFigures(
  trainer: Trainer,
  { stopped, epochs }: History,
  test: Dataset,
  batchSize: number,
): Promise<Pick<RunResult, 'testAccuracy' | 'testLoss'>> {
  const last = epochs.at(-1);
  if (stopped === undefined && last !== undefined) {
    return { testAccuracy: last['validationAccuracy']!, testLoss: last['validationLoss']! };
  }
  const { accuracy, loss } = await trainer.evaluate(test, { batchSize });
  return { testAccuracy: accuracy!, testLoss: loss };
}
