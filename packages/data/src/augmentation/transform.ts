// What an image transform is: a record, as everything that is made here by a factory.
import type { Options } from '@nn/core';
import type { Draws } from './draws.ts';
import type { Affine, Image, ImageSize } from './image.ts';

interface Described {
  readonly kind: string;
  readonly options: Options;
}

/** Moves pixels by an affine map. Those that follow each other are one resampling, so that an image is blurred once. */
export interface PlacingTransform extends Described {
  /** Where the pixels of the new image come from. */
  place(size: ImageSize, draws: Draws): Affine;
  readonly paint?: never;
}

/** Changes pixels. */
export interface PaintingTransform extends Described {
  /** @param fill what lies outside of the image @returns the new pixels, which may be the old ones, changed */
  paint(image: Image, draws: Draws, fill: number): Float64Array;
  readonly place?: never;
}

/** A random change of an image that leaves its class as it is. */
export type ImageTransform = PlacingTransform | PaintingTransform;
