// Augmentation: training data that are another variation of themselves in every epoch.
import type { Options, Shape } from '@nn/core';
import {
  ConfigError,
  DTypeError,
  NdArray,
  ShapeError,
  checkNumber,
  expectShape,
  hashPath,
  resolveOptions,
  shapeText,
  sizeOf,
  specText,
} from '@nn/core';
import { drawsAt } from './draws.ts';
import type { Affine, Image, ImageSize } from './image.ts';
import { composed, placed } from './image.ts';
import type { ImageTransform } from './transform.ts';

/** Which variation is asked for. */
export interface AugmentationAt {
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Number of each row within the data set: what a sample becomes does not depend on the batch that it is in. */
  readonly samples: ArrayLike<number>;
}

/** Changes samples at random, each for itself. Given to `fit`, it is used on training data alone. */
export interface Augmentation {
  readonly kind: string;
  readonly options: Options;
  /** @param rows f32 [n, …] @returns as many rows of the same shape; `rows` stay as they are */
  apply(rows: NdArray, at: AugmentationAt): NdArray;
}

export interface AugmentOptions {
  /** [height, width] or [height, width, channels] of an image; needed where the samples are flat ([784]). */
  readonly shape?: Shape;
  /** What lies outside of an image (0). After standardization this is what a black pixel became. */
  readonly fill?: number;
}

/**
 * Image transforms, one after the other: `augment([shift(), rotate({ degrees: 15 })])`. What an image becomes follows from seed, epoch and
 * its number in the data alone, bit for bit, in every engine, whatever batch it is in and whatever backend trains on it.
 *
 * @throws ConfigError for what is no list of transforms; ShapeError and DTypeError, when applied, for samples that are no images of numbers
 */
export function augment(transforms: readonly ImageTransform[], given: AugmentOptions = {}): Augmentation {
  const options = resolveOptions<{ shape: Shape | undefined; fill: number }>('augment', given, { shape: undefined, fill: 0 });
  const { shape, fill } = options;
  checkNumber('augment', 'fill', fill);
  if (shape !== undefined) expectShape(shape);
  checkTransforms(transforms);
  const steps = transforms.map((transform, index) => ({ transform, hash: hashPath(`data/augmentation/${index}`) }));
  return Object.freeze<Augmentation>({
    kind: 'augment',
    options: Object.freeze({ transforms: Object.freeze([...transforms]), ...options }),
    apply(rows, { seed, epoch, samples }) {
      const size = imageSize(rows, shape);
      const length = size.height * size.width * size.channels;
      const out = rows.data.slice();
      for (let row = 0; row < samples.length; row++) {
        const pixels = new Float64Array(rows.data.subarray(row * length, (row + 1) * length));
        out.set(changed({ ...size, pixels }, { steps, fill, seed, epoch, sample: samples[row]! }), row * length);
      }
      return new NdArray(out, rows.shape, rows.dtype);
    },
  });
}

interface Change {
  readonly steps: readonly { readonly transform: ImageTransform; readonly hash: number }[];
  readonly fill: number;
  readonly seed: number;
  readonly epoch: number;
  readonly sample: number;
}

function changed(image: Image, { steps, fill, seed, epoch, sample }: Change): Float64Array {
  let current = image;
  let waiting: Affine | undefined;
  const place = (): void => {
    if (waiting !== undefined) current = { ...current, pixels: placed(current, fill, waiting) };
    waiting = undefined;
  };
  for (const { transform, hash } of steps) {
    const draws = drawsAt({ seed, transform: hash, sample, epoch });
    if (transform.place !== undefined) {
      const next = transform.place(current, draws);
      waiting = waiting === undefined ? next : composed(waiting, next);
    } else {
      place();
      current = { ...current, pixels: transform.paint(current, draws, fill) };
    }
  }
  place();
  return current.pixels;
}

function imageSize(rows: NdArray, shape: Shape | undefined): ImageSize {
  if (rows.dtype !== 'f32') {
    throw new DTypeError(`augment: the samples are ${specText(rows)}, but f32 is needed. Scale bytes: dataset({ x, y, scale: 1 / 255 }).`);
  }
  const sample = rows.shape.slice(1);
  const given = shape ?? sample;
  const [height, width, channels = 1] = given;
  if (height === undefined || width === undefined || given.length > 3) {
    throw new ShapeError(
      `augment: a sample has the shape ${shapeText(sample)}; images are [height, width] or [height, width, channels]. ` +
        'For flat samples give the shape: augment([…], { shape: [28, 28] }).',
    );
  }
  if (sizeOf(given) !== sizeOf(sample)) {
    throw new ShapeError(`augment: a sample has the shape ${shapeText(sample)}, which holds no image ${shapeText(given)}.`);
  }
  return { height, width, channels };
}

function checkTransforms(transforms: readonly ImageTransform[]): void {
  if (!Array.isArray(transforms)) throw new ConfigError('augment takes a list of transforms: augment([shift(), rotate()]).');
  transforms.forEach((transform: Partial<ImageTransform> | (() => unknown), index) => {
    if (typeof transform === 'function') {
      throw new ConfigError(`augment: transform ${index} is a function. Call the factory: ${transform.name}().`);
    }
    if (typeof transform?.place === 'function' || typeof transform?.paint === 'function') return;
    throw new ConfigError(`augment: transform ${index} has neither a method place nor paint; it is made by shift(), rotate(), …`);
  });
}
