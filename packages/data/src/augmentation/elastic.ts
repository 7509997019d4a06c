// Bends an image as if it were drawn on rubber: the hand that writes a digit is never quite the same.
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import type { ImageSize } from './image.ts';
import { resampled } from './image.ts';
import { exponential } from './series.ts';
import type { ImageTransform } from './transform.ts';

export interface ElasticOptions {
  /** Strength: what the smoothed displacements are multiplied by, in pixels, from 0 (34). */
  readonly alpha?: number;
  /** Deviation of the smoothing, in pixels, from 0.5 to 64 (4): small ones crumple, large ones bend. */
  readonly sigma?: number;
}

/**
 * Moves every pixel by displacements from −1 to 1 in both directions, which were smoothed by a Gaussian and multiplied by `alpha`.
 * Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to visual document analysis" (2003), for
 * 29 × 29 pixels.
 *
 * @throws ConfigError for options out of range
 */
export const elastic = defineFactory('elastic', createElastic, createElastic);

function createElastic(given: ElasticOptions = {}): ImageTransform {
  const options = resolveOptions('elastic', given, { alpha: 34, sigma: 4 });
  const { alpha, sigma } = options;
  checkNumber('elastic', 'alpha', alpha, { from: 0 });
  checkNumber('elastic', 'sigma', sigma, { from: 0.5, to: 64 });
  const kernel = gaussian(sigma);
  return Object.freeze<ImageTransform>({
    kind: 'elastic',
    options: Object.freeze(options),
    paint(image, draws, fill) {
      const { height, width } = image;
      const field = (): Float64Array =>
        smoothed(
          Float64Array.from(draws.uniform(height * width), (value) => 2 * value - 1),
          image,
          kernel,
        );
      const [right, down] = [field(), field()];
      return resampled(
        image,
        fill,
        (x, y) => x + alpha * right[y * width + x]!,
        (x, y) => y + alpha * down[y * width + x]!,
      );
    },
  });
}

/** Weights from the middle outwards, up to three deviations; with those of the other side they sum to 1. */
function gaussian(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, distance) =>
    exponential((-distance * distance) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + 2 * weight, -weights[0]!);
  return weights.map((weight) => weight / total);
}

/** Along rows, then along columns; beyond the image there is no displacement. */
function smoothed(field: Float64Array, { height, width }: ImageSize, kernel: Float64Array): Float64Array {
  const along = (source: Float64Array, count: number, stride: number, lines: number, lineStride: number): Float64Array => {
    const out = new Float64Array(source.length);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < count; at++) {
        let sum = kernel[0]! * source[line * lineStride + at * stride]!;
        for (let distance = 1; distance < kernel.length; distance++) {
          const before = at - distance < 0 ? 0 : source[line * lineStride + (at - distance) * stride]!;
          const after = at + distance >= count ? 0 : source[line * lineStride + (at + distance) * stride]!;
          sum += kernel[distance]! * (before + after);
        }
        out[line * lineStride + at * stride] = sum;
      }
    }
    return out;
  };
  return along(along(field, width, 1, height, width), height, width, width, 1);
}
