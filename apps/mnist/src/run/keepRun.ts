// One run: a trainer fitted to images, with everything that is kept of it.
import type { Backend, Callback, Dataset, FitOptions, History, Trainer } from '@nn/kit';
import { augment } from '@nn/kit';
import { transforms } from '../settings/choices.ts';
import type { ImageSets } from './images.ts';
import { metricsLog } from './metricsLog.ts';
import type { RunConfig } from './runConfig.ts';
import type { RunFolder, RunResult } from './runFolder.ts';
import { swapBackends } from './swap.ts';

export interface Run {
  readonly config: RunConfig;
  readonly images: ImageSets;
  readonly folder: RunFolder;
  /** Those the run may move to, by name. */
  readonly backends: ReadonlyMap<string, Backend>;
  /** Hear what happens in the run, before it is kept. */
  readonly listeners: readonly Callback[];
  /** Stops after the running step; what was done is kept. */
  readonly signal: AbortSignal;
}

/** Trains, writing the network after every epoch and where it stopped, and the result. @throws the typed errors of training; FileError */
export async function keepRun(trainer: Trainer, { config, images, folder, backends, listeners, signal }: Run): Promise<RunResult> {
  const { epochs, batch: batchSize, seed, swap } = config;
  let samplesPerSecond = 0;
  const measure: Callback = (event) => {
    if (event.type === 'step') samplesPerSecond = event.samplesPerSecond;
  };
  const writeModel = async (): Promise<void> => folder.writeModel(await trainer.network.toSafetensors());
  const keepEpoch: Callback = async (event) => {
    if (event.type === 'epochEnd') await writeModel();
  };
  const start = performance.now();
  const all = [...listeners, measure, metricsLog(folder.appendMetrics), keepEpoch];
  const callbacks = [...all, swapBackends(trainer, swap, backends, all)];
  const options = { epochs, batchSize, validation: images.test, signal, callbacks, ...augmentationOf(config) };
  const history = await trainer.fit(images.train, options);
  const seconds = (performance.now() - start) / 1000;
  if (history.stopped !== undefined) await writeModel();
  const test = await testFigures(trainer, history, images.test, batchSize);
  const result: RunResult = { ...test, seconds, samplesPerSecond, backend: trainer.backend.name, seed, epochs: trainer.epoch };
  await folder.writeResult(result);
  return result;
}

function augmentationOf({ augmentation }: RunConfig): Pick<FitOptions, 'augmentation'> {
  return augmentation.length === 0 ? {} : { augmentation: augment(augmentation.map((name) => transforms[name]())) };
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
  return { testAccuracy: accuracy as number, testLoss: loss };
}
