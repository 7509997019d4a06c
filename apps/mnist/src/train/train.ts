// `nn-mnist train`: from settings to a run folder.
import type { TrainRequest } from '../commandLine/arguments.ts';
import { withBackends } from '../run/backend.ts';
import { displayOn } from './display.ts';
import { imageSize, loadImages } from '../run/images.ts';
import type { Io } from '../commandLine/io.ts';
import { writeLine } from '../commandLine/io.ts';
import { keepRun } from '../run/keepRun.ts';
import { configOf } from '../run/runConfig.ts';
import { createRunFolder } from '../run/runFolder.ts';
import { announcement, outcome } from './summary.ts';
import { checkSwaps } from '../run/swap.ts';
import { createImageTrainer } from '../run/trainer.ts';

/**
 * Trains a network and keeps the run. Everything that can be wrong beforehand, the run folder included, is found before the first step.
 * @throws the typed errors of data, backend and training; UsageError, FileError for the run folder; the signal's reason, once the run is
 * kept
 */
export async function train({ settings, out }: TrainRequest, io: Io): Promise<void> {
  checkSwaps(settings.swap, settings.epochs);
  await withBackends([settings.backend, ...settings.swap.map(({ backend }) => backend)], async (backends) => {
    const images = await loadImages(settings, io.signal);
    const config = configOf(settings, imageSize(images.test));
    const trainer = await createImageTrainer(config, images.train, backends.get(settings.backend)!);
    const folder = await createRunFolder(out, config);
    for (const line of announcement(config, images, trainer.network)) writeLine(io.stdout, line);
    const display = displayOn(io);
    const result = await keepRun(trainer, { config, images, folder, backends, listeners: display.callbacks, signal: io.signal }).finally(
      () => display.close(),
    );
    display.finish();
    for (const line of outcome(result, folder.path, io.program)) writeLine(io.stdout, line);
    io.signal.throwIfAborted();
  });
}
