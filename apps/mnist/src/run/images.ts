// The images that runs are trained and judged on.
import type { Dataset } from '@nn/kit';
import { DataError, loadMnistSplit } from '@nn/kit';
import type { Settings } from '../settings/settings.ts';

type DataSettings = Pick<Settings, 'data' | 'classes' | 'limit'>;

/** Images [count, height, width, 1] with numbers from 0 to 1, and their classes. */
export interface ImageSets {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** @throws DataError, FormatError as `loadMnist`, and where training and test images are not of one size; the signal's reason */
export async function loadImages(settings: DataSettings, signal: AbortSignal): Promise<ImageSets> {
  const train = await loadSplit('train', settings, signal);
  const test = await loadTestImages(settings, signal);
  const [trained, tested] = [sizeText(train), sizeText(test)];
  if (trained !== tested)
    throw new DataError(`The training images are ${trained} pixels and the test images ${tested}: they are of different sets.`);
  return { train: settings.limit === null ? train : train.take(settings.limit), test };
}

/** The test images alone. @throws as {@link loadImages} */
export async function loadTestImages(settings: Pick<DataSettings, 'data' | 'classes'>, signal: AbortSignal): Promise<Dataset> {
  return loadSplit('test', settings, signal);
}

/** Height and width of the images. */
export function imageSize({ x }: Dataset): readonly [height: number, width: number] {
  const [, height = 0, width = 0] = x.shape;
  return [height, width];
}

function sizeText(images: Dataset): string {
  return imageSize(images).join(' × ');
}

async function loadSplit(
  split: 'train' | 'test',
  { data, classes }: Pick<DataSettings, 'data' | 'classes'>,
  signal: AbortSignal,
): Promise<Dataset> {
  return loadMnistSplit(split, { layout: 'image', classes, signal, ...(data === null ? {} : { directory: data }) });
}
