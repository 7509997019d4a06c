// Mirrors an image.
import { checkChoice, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { aroundCenter } from './image.ts';
import type { ImageTransform } from './transform.ts';

export interface FlipOptions {
  /** `'horizontal'` exchanges left and right (default), `'vertical'` above and below. */
  readonly direction?: 'horizontal' | 'vertical';
  /** How often, from 0 to 1 (0.5). */
  readonly rate?: number;
}

/** Mirrors the image with a probability. Not for digits and letters, which then are others. @throws ConfigError for options out of range */
export const flip = defineFactory('flip', createFlip, createFlip);

function createFlip(given: FlipOptions = {}): ImageTransform {
  const options = resolveOptions<Required<FlipOptions>>('flip', given, { direction: 'horizontal', rate: 0.5 });
  const direction = checkChoice('flip', 'direction', options.direction, ['horizontal', 'vertical']);
  const rate = checkNumber('flip', 'rate', options.rate, { from: 0, to: 1 });
  return Object.freeze<ImageTransform>({
    kind: 'flip',
    options: Object.freeze(options),
    place(size, draws) {
      const sign = draws.between(0, 1) < rate ? -1 : 1;
      return aroundCenter(size, direction === 'horizontal' ? { a: sign, b: 0, d: 0, e: 1 } : { a: 1, b: 0, d: 0, e: sign });
    },
  });
}
