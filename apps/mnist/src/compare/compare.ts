// `nn-mnist compare`: the same training with different settings, each with several seeds, and what that comes to.
import type { Backend } from '@nn/kit';
import { NumericError, batchPlan, memory, summarize } from '@nn/kit';
import type { CompareRequest } from '../commandLine/arguments.ts';
import { withBackends } from '../run/backend.ts';
import type { ImageSets } from '../run/images.ts';
import { imageSize, loadImages } from '../run/images.ts';
import type { Io } from '../commandLine/io.ts';
import { writeLine } from '../commandLine/io.ts';
import { keepRun } from '../run/keepRun.ts';
import { buildModel } from '../run/model.ts';
import { ProgressBar } from '../train/progressBar.ts';
import type { RunConfig } from '../run/runConfig.ts';
import { configOf } from '../run/runConfig.ts';
import { createRunFolder } from '../run/runFolder.ts';
import type { Settings } from '../settings/settings.ts';
import { countText, durationText, lossText, percentText } from '../commandLine/texts.ts';
import { createImageTrainer, inputShape } from '../run/trainer.ts';
import { finishedRun, openComparison, runFolderOf, writeReport, writeResults } from './comparisonFolder.ts';
import { watchLayers } from './layerStatistics.ts';
import type { DivergedRow, RunRecord } from './records.ts';
import { readRecord } from './records.ts';
import type { NetworkCost } from './results.ts';
import { compareRuns } from './results.ts';
import { showResults } from './showResults.ts';
import type { Variant } from './variants.ts';
import { planOf } from './variants.ts';

/**
 * Runs what is not done yet, shows the results and writes the report. Starting values, shuffles and dropout follow from the seed and a
 * layer's path, so what differs between runs with one seed comes from the settings.
 *
 * @throws UsageError where there is nothing to compare and for a folder that is in use; the typed errors of data, backends and layers,
 * before the first step; the signal's reason, which leaves a folder that the same command goes on with
 */
export async function compare({ lists, seeds, out }: CompareRequest, io: Io): Promise<void> {
  const plan = planOf(lists, seeds);
  const names = plan.variants.flatMap(({ settings: { backend, swap } }) => [backend, ...swap.map((later) => later.backend)]);
  await withBackends(names, async (backends) => {
    const data = new ImageCache(io.signal);
    const networks = new Map<Variant, NetworkCost>();
    for (const variant of plan.variants) networks.set(variant, await costOf(variant.settings, data));
    const folder = await openComparison(out);
    const total = plan.variants.length * plan.seeds.length;
    writeLine(
      io.stdout,
      `${countText(total)} runs: ${countOf(plan.variants.length, 'network')}, each with ${countOf(plan.seeds.length, 'seed')}`,
    );
    const runs = new Map<Variant, RunRecord[]>(plan.variants.map((variant) => [variant, []]));
    let number = 0;
    // Seed by seed: wherever it is stopped, there are pairs.
    for (const seed of plan.seeds) {
      for (const variant of plan.variants) {
        number++;
        const name = `${String(number).padStart(String(total).length)}/${total}  ${variant.label}, seed ${seed}`;
        runs.get(variant)!.push(await oneRun({ folder, variant, seed, backends, data, name }, io));
      }
    }
    const comparison = compareRuns(
      plan,
      plan.variants.map((variant) => ({ variant, network: networks.get(variant)!, runs: runs.get(variant)! })),
    );
    await writeResults(folder, comparison);
    showResults(comparison, io);
    // Charts are loaded when they are needed: no other command waits for them.
    const { reportHtml } = await import('./report/html.ts');
    writeLine(io.stdout, `\nreport  ${await writeReport(folder, await reportHtml(comparison))}`);
  });
}

interface PlannedRun {
  readonly folder: string;
  readonly variant: Variant;
  readonly seed: number;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly data: ImageCache;
  /** In lines of progress. */
  readonly name: string;
}

/** A run, or what is known of it from before. */
async function oneRun({ folder, variant, seed, backends, data, name }: PlannedRun, io: Io): Promise<RunRecord> {
  io.signal.throwIfAborted();
  const images = await data.of(variant.settings);
  const config = configOf({ ...variant.settings, seed }, imageSize(images.test));
  const path = runFolderOf(folder, variant, seed);
  const before = await finishedRun(path, config);
  if (before === undefined) await trainInto(path, config, { images, backends, io, folder, name });
  const record = before ?? (await readRecord(path, seed, config.epochs));
  if (record === undefined) throw new Error(`The run ${path} left no result.`);
  writeLine(io.stdout, `${name}: ${recordText(record)}${before === undefined ? '' : ', from before'}`);
  return record;
}

interface Surroundings {
  readonly images: ImageSets;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly io: Io;
  readonly folder: string;
  readonly name: string;
}

async function trainInto(path: string, config: RunConfig, { images, backends, io, folder, name }: Surroundings): Promise<void> {
  const { epochs, batch } = config;
  const trainer = await createImageTrainer(config, images.train, backends.get(config.backend)!);
  const run = await createRunFolder(path, config);
  const bar = io.stdout.isTTY === true ? new ProgressBar(io.stdout, `${name}: `) : undefined;
  const layers = watchLayers(trainer, {
    data: images.train,
    batches: batchPlan(images.train.size, batch).length,
    epochs,
    append: run.appendMetrics,
  });
  try {
    const listeners = [...(bar === undefined ? [] : [bar.callback]), layers];
    await keepRun(trainer, { config, images, folder: run, backends, listeners, signal: io.signal });
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
    // That is a result too: settings that diverge.
    await run.appendMetrics({ type: 'diverged', reason: error.message } satisfies DivergedRow);
  } finally {
    bar?.clear();
    await trainer.dispose();
  }
  if (io.signal.aborted) {
    writeLine(io.stdout, `stopped; the same command with --out ${folder} goes on with this run`);
    io.signal.throwIfAborted();
  }
}

/** Builds the network of a batch without its numbers. @throws the typed errors of data, layers and settings, before anything is trained */
async function costOf(settings: Settings, data: ImageCache): Promise<NetworkCost> {
  const images = await data.of(settings);
  const batch = Math.min(settings.batch, images.train.size);
  const model = buildModel(settings);
  const input = inputShape(imageSize(images.train));
  const { trainable, buffers, operations } = summarize(model, input);
  const { retained, predicted } = memory(model, input, batch);
  return { trainable, buffers, operations, retained, predicted };
}

/** The images of the settings asked for last; most comparisons need no others. */
class ImageCache {
  readonly #signal: AbortSignal;
  #key = '';
  #images: ImageSets | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async of(settings: Settings): Promise<ImageSets> {
    const { data, classes, limit } = settings;
    const key = JSON.stringify([data, classes, limit]);
    if (this.#images === undefined || this.#key !== key) {
      this.#images = undefined;
      this.#images = await loadImages(settings, this.#signal);
      this.#key = key;
    }
    return this.#images;
  }
}

function recordText({ result, diverged }: RunRecord): string {
  if (result === undefined) return `diverged (${diverged})`;
  return `test accuracy ${percentText(result.testAccuracy)}, test loss ${lossText(result.testLoss)}, ${durationText(result.seconds)}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
