// Covers a square of an image.
import { checkInteger, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { ImageTransform } from './transform.ts';

export interface CutoutOptions {
  /** Side of the square in pixels, from 1 (8). */
  readonly size?: number;
  /** What it is covered with; what lies outside of an image unless given. */
  readonly value?: number;
}

/**
 * Covers a square whose middle is any pixel, so that part of it may lie outside of the image.
 * Source: DeVries, Taylor, "Improved regularization of convolutional neural networks with cutout" (2017).
 *
 * @throws ConfigError unless the size is an integer from 1 and the value finite
 */
export const cutout = defineFactory('cutout', createCutout, createCutout);

function createCutout(given: CutoutOptions = {}): ImageTransform {
  const options = resolveOptions<{ size: number; value: number | undefined }>('cutout', given, { size: 8, value: undefined });
  const size = checkInteger('cutout', 'size', options.size, { from: 1 });
  if (options.value !== undefined) checkNumber('cutout', 'value', options.value);
  return Object.freeze<ImageTransform>({
    kind: 'cutout',
    options: Object.freeze(options),
    paint({ pixels, height, width, channels }, draws, fill) {
      const left = draws.integer(0, width - 1) - Math.floor(size / 2);
      const top = draws.integer(0, height - 1) - Math.floor(size / 2);
      const [from, to] = [Math.max(0, left), Math.min(width, left + size)];
      for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
        pixels.fill(options.value ?? fill, (y * width + from) * channels, (y * width + to) * channels);
      }
      return pixels;
    },
  });
}
