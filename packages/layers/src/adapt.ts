// `adapt`: gives the standardize layers of a network the means and deviations of data.
import type { ArrayLike, Network, RowSource, TensorSpec } from '@nn/core';
import {
  ConfigError,
  DataError,
  NdArray,
  ShapeError,
  batchedSpec,
  isTensorSpec,
  joinPath,
  modelShape,
  ndarray,
  shapeText,
  sizeOf,
  specText,
  stretchedStrides,
  stridesOf,
} from '@nn/core';
import type { SampleAxes } from './sampleAxes.ts';
import { sampleLayout } from './sampleAxes.ts';
import { standardizedInput } from './standardize.ts';

/** Of float32: what is smaller may be 0 on a device. */
const smallestNormal = 2 ** -126;

/** Rows that go through the network at once. */
const rowsAtOnce = 1024;

/**
 * Takes mean and standard deviation (biased: divided by the number of values) of what each `standardize` layer is given for the rows of
 * `x`, and writes them into the layer; of several layers in the order of application. A constant feature keeps deviation 1, so that it
 * becomes 0. Call it once before training, with the training data only: `await adapt(trainer.network, train.x)`.
 *
 * Both are taken in float64, in parts that are put together (Chan, Golub & LeVeque, The American Statistician 37 (1983)).
 *
 * @param x rows of samples: nested numbers, an NdArray [rows, …], or the samples of a data set
 * @throws ConfigError for a network without such a layer; DataError for no rows, or a NaN or an infinity in what a layer is given;
 * ShapeError, DTypeError when `x` does not fit the network
 */
export async function adapt(network: Network, x: ArrayLike | RowSource): Promise<void> {
  const input = batchedSpec(network.input, 1);
  const { layers, specs } = modelShape(network.model, input);
  const paths = [...layers].flatMap(([path, { layer }]) => (layer.kind === 'standardize' ? [path] : []));
  if (paths.length === 0) throw new ConfigError('adapt: this network has no standardize layer.');
  const rows = rowsOf(x);
  if (isTensorSpec(input) && rows.shape.length !== input.shape.length) {
    throw new ShapeError(`adapt takes rows of samples ${shapeText(input.shape.slice(1))}, but x is ${specText(rows)}.`);
  }
  if (rows.shape[0] === 0) throw new DataError('adapt: there are no rows to take a mean of.', 'data.missing');
  for (const path of paths) {
    const { shape } = specs.get(joinPath(path, 'mean'))!;
    const moments = new FeatureMoments(sizeOf(shape));
    const tap = joinPath(path, standardizedInput);
    for (let begin = 0; begin < rows.shape[0]!; begin += rowsAtOnce) {
      const part = rows.slice(begin, Math.min(rows.shape[0]!, begin + rowsAtOnce));
      const given = (await network.activations(part, [tap]))[tap]!;
      moments.add(given.data, featuresOf(given, layers.get(path)!.layer.options['axes'] as SampleAxes), path);
    }
    network.write(joinPath(path, 'mean'), new NdArray(moments.mean(), shape, 'f32'));
    network.write(joinPath(path, 'deviation'), new NdArray(moments.deviation(), shape, 'f32'));
  }
}

/** The rows of `x`, a few at a time. */
function rowsOf(x: ArrayLike | RowSource): RowSource {
  if (isTensorSpec(x) && 'slice' in x) return x;
  const array = ndarray(x);
  const [rows, ...sample] = array.shape;
  if (rows === undefined) throw new ShapeError('adapt takes rows of samples, but x is a single number.');
  const { data, dtype } = array;
  const width = sizeOf(sample);
  const slice: RowSource['slice'] = (begin, end) => new NdArray(data.subarray(begin * width, end * width), [end - begin, ...sample], dtype);
  return { shape: array.shape, dtype, slice };
}

/** For each element of a row, which of the layer's numbers it has. */
function featuresOf({ shape, dtype }: TensorSpec, axes: SampleAxes): Int32Array {
  const { stretching } = sampleLayout('standardize', { shape, dtype }, axes);
  const strides = stretchedStrides(stretching, shape);
  const places = stridesOf(shape);
  const indexOf = (offset: number): number =>
    shape.reduce((index, extent, axis) => index + (axis === 0 ? 0 : (Math.floor(offset / places[axis]!) % extent) * strides[axis]!), 0);
  return Int32Array.from({ length: sizeOf(shape.slice(1)) }, (_, offset) => indexOf(offset));
}

/** Mean and variance of features over any number of parts. */
class FeatureMoments {
  readonly #count: Float64Array;
  readonly #mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;

  constructor(features: number) {
    this.#count = new Float64Array(features);
    this.#mean = new Float64Array(features);
    this.#squares = new Float64Array(features);
  }

  add(data: NdArray['data'], features: Int32Array, path: string): void {
    const size = this.#count.length;
    const [count, mean, squares] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    const each = (visit: (feature: number, value: number) => void): void =>
      data.forEach((value, index) => visit(features[index % features.length]!, value));
    each((feature, value) => {
      if (!Number.isFinite(value)) throw new DataError(`adapt: "${path}" is given ${value}; means are taken of finite numbers.`);
      count[feature]! += 1;
      mean[feature]! += value;
    });
    mean.forEach((sum, feature) => (mean[feature] = sum / count[feature]!));
    each((feature, value) => (squares[feature]! += (value - mean[feature]!) ** 2));
    for (let feature = 0; feature < size; feature++) this.#merge(feature, count[feature]!, mean[feature]!, squares[feature]!);
  }

  mean(): Float32Array {
    return Float32Array.from(this.#mean);
  }

  /** 1 for constant features, and for those that vary by less than float32 has normal numbers for. */
  deviation(): Float32Array {
    return Float32Array.from(this.#squares, (sum, feature) => {
      const deviation = Math.sqrt(sum / this.#count[feature]!);
      return deviation >= smallestNormal ? deviation : 1;
    });
  }

  #merge(feature: number, count: number, mean: number, squares: number): void {
    const before = this.#count[feature]!;
    const total = before + count;
    const distance = mean - this.#mean[feature]!;
    this.#count[feature] = total;
    this.#mean[feature]! += (distance * count) / total;
    this.#squares[feature]! += squares + (distance * distance * before * count) / total;
  }
}
