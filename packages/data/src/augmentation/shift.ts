// Moves an image by whole pixels.
import { checkInteger, defineFactory, resolveOptions } from '@nn/core';
import type { ImageTransform } from './transform.ts';

export interface ShiftOptions {
  /** The most it is moved in each direction, from 0 (2). */
  readonly pixels?: number;
}

/** Moves the image right or left and down or up, each by a whole number from −pixels to pixels. @throws ConfigError unless that is from 0 */
export const shift = defineFactory('shift', createShift, createShift);

function createShift(given: ShiftOptions = {}): ImageTransform {
  const options = resolveOptions('shift', given, { pixels: 2 });
  const pixels = checkInteger('shift', 'pixels', options.pixels, { from: 0 });
  return Object.freeze<ImageTransform>({
    kind: 'shift',
    options: Object.freeze(options),
    place: (_size, draws) => ({ a: 1, b: 0, c: draws.integer(-pixels, pixels), d: 0, e: 1, f: draws.integer(-pixels, pixels) }),
  });
}
