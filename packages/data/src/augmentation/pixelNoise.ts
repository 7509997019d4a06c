// Adds normal noise to every pixel.
import { ConfigError, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { ImageTransform } from './transform.ts';

export interface PixelNoiseOptions {
  /** Standard deviation, from 0 (0.1). */
  readonly deviation?: number;
  /** Numbers beyond these are limited to them, `[0, 1]` for example (none). */
  readonly limits?: readonly [smallest: number, largest: number];
}

/** Adds normal numbers with mean 0, other ones to every channel of every pixel. @throws ConfigError for options out of range */
export const pixelNoise = defineFactory('pixelNoise', createPixelNoise, createPixelNoise);

function createPixelNoise(given: PixelNoiseOptions = {}): ImageTransform {
  const options = resolveOptions<{ deviation: number; limits: PixelNoiseOptions['limits'] | undefined }>('pixelNoise', given, {
    deviation: 0.1,
    limits: undefined,
  });
  const deviation = checkNumber('pixelNoise', 'deviation', options.deviation, { from: 0 });
  const [smallest, largest] = options.limits ?? [-Infinity, Infinity];
  if (!(smallest < largest)) throw new ConfigError(`pixelNoise: limits is [${smallest}, ${largest}]; the smaller number comes first.`);
  return Object.freeze<ImageTransform>({
    kind: 'pixelNoise',
    options: Object.freeze(options),
    paint({ pixels }, draws) {
      const noise = draws.normal(pixels.length);
      return pixels.map((value, index) => Math.min(largest, Math.max(smallest, value + deviation * noise[index]!)));
    },
  });
}
