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
      const field = (): Float64Array => smoothed(draws.uniform(height * width), image, kernel);
      const [columns, rows] = [field(), field()];
      for (let index = 0; index < columns.length; index++) {
        columns[index] = (index % width) + alpha * columns[index]!;
        rows[index] = Math.floor(index / width) + alpha * rows[index]!;
      }
      return resampled(image, fill, { columns, rows });
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

/** Numbers from 0 to 1 as displacements from −1 to 1, smoothed along rows, then along columns; beyond the image there is none. */
function smoothed(uniform: Float32Array, { height, width }: ImageSize, kernel: Float64Array): Float64Array {
  const field = new Float64Array(uniform);
  for (let index = 0; index < field.length; index++) field[index] = 2 * field[index]! - 1;
  const rows = { count: height, stride: width };
  const columns = { count: width, stride: 1 };
  return smoothedAlong(smoothedAlong(field, columns, rows, kernel), rows, columns, kernel);
}

/** How many entries an axis has, and how far apart they lie. */
interface Axis {
  readonly count: number;
  readonly stride: number;
}

function smoothedAlong(source: Float64Array, axis: Axis, lines: Axis, kernel: Float64Array): Float64Array {
  const out = new Float64Array(source.length);
  for (let line = 0; line < lines.count; line++) {
    for (let at = 0; at < axis.count; at++) {
      const here = line * lines.stride + at * axis.stride;
      let sum = kernel[0]! * source[here]!;
      for (let distance = 1; distance < kernel.length; distance++) {
        const before = at < distance ? 0 : source[here - distance * axis.stride]!;
        const after = at + distance >= axis.count ? 0 : source[here + distance * axis.stride]!;
        sum += kernel[distance]! * (before + after);
      }
      out[here] = sum;
    }
  }
  return out;
}
