// Turns an image around its middle.
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { aroundCenter } from './image.ts';
import { sineAndCosine } from './series.ts';
import type { ImageTransform } from './transform.ts';

export interface RotateOptions {
  /** The most it is turned in either direction, from 0 to 180 (10). */
  readonly degrees?: number;
}

/** Turns the image by an angle from −degrees to degrees. @throws ConfigError unless they are a number from 0 to 180 */
export const rotate = defineFactory('rotate', createRotate, createRotate);

function createRotate(given: RotateOptions = {}): ImageTransform {
  const options = resolveOptions('rotate', given, { degrees: 10 });
  const degrees = checkNumber('rotate', 'degrees', options.degrees, { from: 0, to: 180 });
  return Object.freeze<ImageTransform>({
    kind: 'rotate',
    options: Object.freeze(options),
    place(size, draws) {
      const { sine, cosine } = sineAndCosine((draws.between(-degrees, degrees) * Math.PI) / 180);
      return aroundCenter(size, { a: cosine, b: -sine, d: sine, e: cosine });
    },
  });
}
