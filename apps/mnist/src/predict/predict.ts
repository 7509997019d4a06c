// `nn-mnist predict`: an image, and what the network of a run says about it.
import { readFile } from 'node:fs/promises';
import { DataError, createNetwork, ndarray, run, softmax } from '@nn/kit';
import type { PredictRequest } from '../commandLine/arguments.ts';
import { startBackend } from '../run/backend.ts';
import { drawProbabilities, indexOfLargest } from './bars.ts';
import type { Picture } from './digit.ts';
import { drawPicture } from './digit.ts';
import { FileError, UsageError } from '../commandLine/errors.ts';
import { fitDigit } from './fitDigit.ts';
import { imageSize, loadTestImages } from '../run/images.ts';
import type { Io } from '../commandLine/io.ts';
import { writeLine } from '../commandLine/io.ts';
import { buildModel } from '../run/model.ts';
import { readPng } from './png.ts';
import type { RunConfig } from '../run/runConfig.ts';
import { loadRunModel, readRunConfig } from '../run/runFolder.ts';
import { percentText } from '../commandLine/texts.ts';
import { inputShape } from '../run/trainer.ts';

/** The image to judge. */
interface Subject {
  readonly picture: Picture;
  /** Where it comes from and what was done to it. */
  readonly title: string;
  /** The same as data. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Its class, if it is known. */
  readonly label?: number;
}

/** What a network says. */
interface Judgement {
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
  /** The class of the largest score. */
  readonly prediction: number;
}

/**
 * Shows an image and the probabilities of its classes.
 * @throws DataError, FormatError, FileError for a run or an image that is missing or damaged; UsageError for a test image that does not
 * exist
 */
export async function predict(request: PredictRequest, io: Io): Promise<void> {
  const config = await readRunConfig(request.run);
  const subject = await subjectOf(request, config, io.signal);
  const judgement = await judge(subject.picture, request, config);
  if (request.json) {
    const { source, label } = subject;
    writeLine(io.stdout, JSON.stringify({ run: request.run, ...source, ...(label === undefined ? {} : { label }), ...judgement }));
    return;
  }
  writeLine(io.stdout, `${subject.title}\n`);
  writeLine(io.stdout, drawPicture(subject.picture, { colours: io.colours && io.stdout.isTTY === true }));
  writeLine(io.stdout, `\n${drawProbabilities(judgement.probabilities)}\n`);
  writeLine(io.stdout, verdict(judgement, subject.label));
}

async function judge(picture: Picture, { run: folder, backend: name }: PredictRequest, config: RunConfig): Promise<Judgement> {
  const backend = await startBackend(name ?? config.backend);
  try {
    const shape = inputShape(config.image);
    const network = await createNetwork({ model: buildModel(config), input: { shape, dtype: 'f32' }, backend });
    await loadRunModel(folder, (bytes) => network.loadSafetensors(bytes));
    const logits = await network.predict(ndarray(Float32Array.from(picture.pixels), { shape }));
    const probabilities = await run(backend, softmax, logits);
    return { logits: [...logits.data], probabilities: [...probabilities.data], prediction: indexOfLargest(logits.data) };
  } finally {
    await backend.dispose();
  }
}

async function subjectOf(request: PredictRequest, config: RunConfig, signal: AbortSignal): Promise<Subject> {
  return 'file' in request.image ? fileSubject(request.image.file, config) : testSubject(request.image.testImage, request, config, signal);
}

async function testSubject(index: number, { data }: PredictRequest, config: RunConfig, signal: AbortSignal): Promise<Subject> {
  const images = await loadTestImages({ data: data ?? config.data, classes: config.classes }, signal);
  if (index >= images.size) throw new UsageError(`predict: there is no test image ${index}; the data set has 0 to ${images.size - 1}.`);
  const [height, width] = imageSize(images);
  if (height !== config.image[0] || width !== config.image[1]) {
    throw new DataError(`The test images are ${height} × ${width} pixels; the network takes ${config.image.join(' × ')}.`);
  }
  const label = images.y.row(index).item();
  return {
    picture: { height, width, pixels: images.x.row(index).data },
    title: `test image ${index}, which is a ${label}`,
    source: { index },
    label,
  };
}

async function fileSubject(file: string, { image: [height = 0, width = 0] }: RunConfig): Promise<Subject> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FileError(`Cannot read ${file}`, error);
  });
  const { picture, changes } = fitDigit(readPng(bytes, file), height, width);
  return { picture, title: [file, ...changes].join('; '), source: { image: file, changes } };
}

function verdict({ prediction, probabilities }: Judgement, label: number | undefined): string {
  const said = `The network says ${prediction} (${percentText(probabilities[prediction] ?? 0)})`;
  if (label === undefined) return `${said}.`;
  return prediction === label ? `${said}, which is right.` : `${said}, but it is a ${label}.`;
}
