// Mean and variance of features over data that come in parts, on the host and in float64.
import type { Shape } from './shape.ts';
import { sizeOf, stretchedStrides, stridesOf } from './shape.ts';

/**
 * For each element of a sample, the index of its feature.
 * @param features the sample's shape with extent 1 along the axes whose elements are of one feature
 */
export function featureOfElement(sample: Shape, features: Shape): Int32Array {
  const strides = stretchedStrides(features, sample);
  const places = stridesOf(sample);
  const indexOf = (offset: number): number =>
    sample.reduce((index, extent, axis) => index + (Math.floor(offset / places[axis]!) % extent) * strides[axis]!, 0);
  return Int32Array.from({ length: sizeOf(sample) }, (_, offset) => indexOf(offset));
}

/**
 * Adds up parts of data. In a part the mean is taken around the feature's first value and the squares around that mean, so features far from
 * 0 keep their digits and constant ones are exact; parts are merged by Chan, Golub & LeVeque, The American Statistician 37 (1983).
 */
export class FeatureMoments {
  readonly #featureOf: Int32Array;
  readonly #count: Float64Array;
  readonly #mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;

  /** @param featureOf the feature of each element of a sample, from 0 to below `features` */
  constructor(featureOf: Int32Array, features: number) {
    this.#featureOf = featureOf;
    this.#count = new Float64Array(features);
    this.#mean = new Float64Array(features);
    this.#squares = new Float64Array(features);
  }

  /** @param data finite numbers of whole samples, one after the other */
  add(data: ArrayLike<number>): void {
    const featureOf = this.#featureOf;
    const features = this.#count.length;
    const [count, first, mean, squares] = [0, 1, 2, 3].map(() => new Float64Array(features)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let index = 0; index < data.length; index++) {
      const feature = featureOf[index % featureOf.length]!;
      if (count[feature] === 0) first[feature] = data[index]!;
      count[feature]! += 1;
      mean[feature]! += data[index]! - first[feature]!;
    }
    for (let feature = 0; feature < features; feature++) mean[feature] = first[feature]! + mean[feature]! / count[feature]!;
    for (let index = 0; index < data.length; index++) {
      const feature = featureOf[index % featureOf.length]!;
      squares[feature]! += (data[index]! - mean[feature]!) ** 2;
    }
    for (let feature = 0; feature < features; feature++) {
      if (count[feature]! > 0) this.#merge(feature, count[feature]!, mean[feature]!, squares[feature]!);
    }
  }

  /** NaN for a feature of which there was no value. */
  get mean(): Float64Array {
    return this.#mean.map((mean, feature) => (this.#count[feature] === 0 ? Number.NaN : mean));
  }

  /** Biased: divided by the number of values. NaN for a feature of which there was none. */
  get variance(): Float64Array {
    return this.#squares.map((sum, feature) => sum / this.#count[feature]!);
  }

  #merge(feature: number, count: number, mean: number, squares: number): void {
    const before = this.#count[feature]!;
    const total = before + count;
    const distance = mean - this.#mean[feature]!;
    this.#count[feature] = total;
    this.#mean[feature] = before === 0 ? mean : this.#mean[feature]! + (distance * count) / total;
    this.#squares[feature]! += before === 0 ? squares : squares + (distance * distance * before * count) / total;
  }
}
