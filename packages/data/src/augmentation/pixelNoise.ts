// Adds normal noise to every pixel.
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { Range } from './range.ts';
import { checkRangeOption } from './range.ts';
import type { ImageTransform } from './transform.ts';

export interface PixelNoiseOptions {
  /** Standard deviation, from 0 (0.1). */
  readonly deviation?: number;
  /** Numbers beyond these are limited to them, `[0, 1]` for example (none). */
  readonly limits?: Range;
}

/** Adds normal numbers with mean 0, other ones to every channel of every pixel. @throws ConfigError for options out of range */
export const pixelNoise = defineFactory('pixelNoise', createPixelNoise, createPixelNoise);

function createPixelNoise(given: PixelNoiseOptions = {}): ImageTransform {
  const options = resolveOptions<{ deviation: number; limits: Range | undefined }>('pixelNoise', given, {
    deviation: 0.1,
    limits: undefined,
  });
  const deviation = checkNumber('pixelNoise', 'deviation', options.deviation, { from: 0 });
  const [smallest, largest] =
    options.limits === undefined ? [-Infinity, Infinity] : checkRangeOption('pixelNoise', 'limits', options.limits);
  return Object.freeze<ImageTransform>({
    kind: 'pixelNoise',
    options: Object.freeze(options),
    paint({ pixels }, draws) {
      const noise = draws.normal(pixels.length);
      return pixels.map((value, index) => Math.min(largest, Math.max(smallest, value + deviation * noise[index]!)));
    },
  });
}
