// Standardization: every feature to mean 0 and deviation 1, by the numbers of the training data.
import type { ArrayLike, Shape } from '@nn/core';
import {
  ConfigError,
  DataError,
  FeatureMoments,
  NdArray,
  featureOfElement,
  ndarray,
  normalizeAxes,
  resolveOptions,
  ShapeError,
  shapeText,
  sizeOf,
  specText,
} from '@nn/core';
import { checkFinite } from './checks.ts';
import type { Samples } from './samples.ts';
import { heldSamples, isSamples } from './samples.ts';

const rowsAtOnce = 1024;

/** Moves and scales features. Its functions need no `this`: `data.transform(standardization.transform)`. */
export interface Standardization {
  /** Means, of the shape of a sample with extent 1 along the axes that share one; held as float64. */
  readonly mean: NdArray;
  /** Standard deviations (biased: divided by the number of values), of the same shape; 1 where a feature is constant. */
  readonly deviation: NdArray;
  /** (x − mean) / deviation as f32, for one sample or rows of them. @throws ShapeError for samples of another shape. */
  readonly transform: (x: ArrayLike) => NdArray;
  /** x · deviation + mean: undoes `transform`. @throws ShapeError for samples of another shape. */
  readonly inverse: (x: ArrayLike) => NdArray;
}

export interface Standardizer {
  /**
   * Means and deviations of the samples `x` [rows, …].
   * @throws DataError for no rows, or a NaN or an infinity in them.
   */
  fit(x: ArrayLike | Samples): Standardization;
}

/**
 * Learns mean and deviation of each feature. A constant feature keeps deviation 1, so that it becomes 0 and nothing is divided by 0.
 *
 * Both are taken in float64 and in parts, so features far from 0 keep their digits and constant ones are exact. Lectures 003 and 004.
 *
 * @param options `axes` are the axes over which values share one mean and deviation, axis 0 (the rows) among them. `[0]`, the default,
 * treats every feature for itself; `[0, 1, 2]` every channel of images [rows, height, width, channels].
 */
export function standardizer(options: { readonly axes?: readonly number[] } = {}): Standardizer {
  const { axes } = resolveOptions('standardizer', options, { axes: [0] as readonly number[] });
  return {
    fit(x) {
      const samples = isSamples(x) ? x : heldSamples(ndarray(x));
      if (samples.count === 0) throw new DataError('standardizer: there are no rows to take a mean of.');
      return fitted(samples, statisticsShape(samples.shape, axes));
    },
  };
}

/**
 * A standardization by known numbers: those kept with a model, or published ones (0.1307 and 0.3081 for MNIST).
 *
 * @param mean,deviation both of the shape of a sample, with extent 1 along axes that share one number
 * @throws ShapeError when their shapes differ; ConfigError unless every mean is finite and every deviation above 0.
 */
export function standardization(mean: ArrayLike, deviation: ArrayLike): Standardization {
  const center = ndarray(mean);
  const spread = ndarray(deviation);
  if (shapeText(center.shape) !== shapeText(spread.shape)) {
    throw new ShapeError(`standardization: mean is ${specText(center)} and deviation ${specText(spread)}; their shapes must be equal.`);
  }
  for (const value of center.data)
    if (!Number.isFinite(value)) throw new ConfigError(`standardization: a mean is ${value}; means are finite.`);
  for (const value of spread.data) {
    if (!(value > 0 && value < Infinity))
      throw new ConfigError(`standardization: a deviation is ${value}; deviations are finite and above 0.`);
  }
  const each = (x: ArrayLike, apply: (value: number, feature: number) => number): NdArray => {
    const array = ndarray(x);
    const features = featureOfElement(sampleShapeOf(array.shape, center.shape), center.shape);
    const out = array.data instanceof Float64Array ? new Float64Array(array.size) : new Float32Array(array.size);
    for (let i = 0; i < out.length; i++) out[i] = apply(array.data[i]!, features[i % features.length]!);
    return new NdArray(out, array.shape, 'f32');
  };
  return Object.freeze({
    mean: center,
    deviation: spread,
    transform: (x: ArrayLike) => each(x, (value, feature) => (value - center.data[feature]!) / spread.data[feature]!),
    inverse: (x: ArrayLike) => each(x, (value, feature) => value * spread.data[feature]! + center.data[feature]!),
  });
}

function fitted(samples: Samples, shape: Shape): Standardization {
  const moments = new FeatureMoments(featureOfElement(samples.shape.slice(1), shape), sizeOf(shape));
  for (let begin = 0; begin < samples.count; begin += rowsAtOnce) {
    const rows = samples.slice(begin, Math.min(samples.count, begin + rowsAtOnce));
    checkFinite(rows, 'standardizer: x', begin);
    moments.add(rows.data);
  }
  const deviation = moments.variance.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1));
  return standardization(new NdArray(moments.mean, shape, 'f32'), new NdArray(deviation, shape, 'f32'));
}

/** The shape of a sample with extent 1 along the reduced axes. */
function statisticsShape(shape: Shape, axes: readonly number[]): Shape {
  const reduced = normalizeAxes(axes, shape.length, 'standardizer');
  if (reduced[0] !== 0)
    throw new ConfigError(
      `standardizer: axes [${[axes].flat().join(', ')}] leave out axis 0, the rows; [0] treats every feature for itself.`,
    );
  return shape.map((extent, axis) => (reduced.includes(axis) ? 1 : extent)).slice(1);
}

/** The part of `shape` that is one sample: all of it, or all but a first axis of rows. @throws ShapeError when neither fits. */
function sampleShapeOf(shape: Shape, statistics: Shape): Shape {
  const sample = shape.slice(Math.max(0, shape.length - statistics.length));
  const fits = shape.length <= statistics.length + 1 && sample.length === statistics.length;
  if (fits && sample.every((extent, axis) => statistics[axis] === 1 || statistics[axis] === extent)) return sample;
  throw new ShapeError(
    `standardization: the means have the shape ${shapeText(statistics)}, which fits no sample or rows of shape ${shapeText(shape)}.`,
  );
}
