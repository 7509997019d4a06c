// `adapt`: gives the standardize layers of a network the means and deviations of data.
import type { ArrayLike, Network, RowSource, TensorSpec } from '@nn/core';
import {
  ConfigError,
  DataError,
  FeatureMoments,
  NdArray,
  ShapeError,
  batchedSpec,
  featureOfElement,
  isTensorSpec,
  joinPath,
  modelShape,
  ndarray,
  shapeText,
  sizeOf,
  specText,
} from '@nn/core';
import type { SampleAxes } from '../normalization/sampleAxes.ts';
import { sampleLayout } from '../normalization/sampleAxes.ts';
import { standardizedInput } from '../normalization/standardize.ts';

/** Of float32: what is smaller may be 0 on a device. */
const smallestNormal = 2 ** -126;

/** Rows that go through the network at once. */
const rowsAtOnce = 1024;

/**
 * Takes mean and standard deviation (biased: divided by the number of values) of what each `standardize` layer is given for the rows of
 * `x`, and writes them into the layer; of several layers in the order of application. A constant feature keeps deviation 1, so that it
 * becomes 0. Call it once before training, with the training data only: `await adapt(trainer.network, train.x)`.
 *
 * Both are taken in float64, in parts that are put together.
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
    const { layer, output } = layers.get(path)!;
    // What the layer gives has the shape of what it is given.
    const given = output as TensorSpec;
    const { stretching } = sampleLayout('standardize', given, layer.options['axes'] as SampleAxes);
    const moments = new FeatureMoments(featureOfElement(given.shape.slice(1), stretching.slice(1)), sizeOf(shape));
    const tap = joinPath(path, standardizedInput);
    for (let begin = 0; begin < rows.shape[0]!; begin += rowsAtOnce) {
      const part = rows.slice(begin, Math.min(rows.shape[0]!, begin + rowsAtOnce));
      const { data } = (await network.activations(part, [tap]))[tap]!;
      const wrong = data.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw new DataError(`adapt: "${path}" is given ${wrong}; means are taken of finite numbers.`);
      moments.add(data);
    }
    network.write(joinPath(path, 'mean'), new NdArray(Float32Array.from(moments.mean), shape, 'f32'));
    network.write(joinPath(path, 'deviation'), new NdArray(Float32Array.from(moments.variance, deviationOf), shape, 'f32'));
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

/** Whatever is 0 on a device divides nothing: 1 for constant features, and for those that vary by less than float32 has normal numbers for. */
function deviationOf(variance: number): number {
  const deviation = Math.sqrt(variance);
  return deviation >= smallestNormal ? deviation : 1;
}
