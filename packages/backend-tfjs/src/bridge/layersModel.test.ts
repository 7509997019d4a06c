// Models of tfjs-layers, rebuilt here: the same outputs.
import { createNetwork, NdArray } from '@nn/core';
import type { Backend } from '@nn/core';
import { batchNorm, conv2d, dense, elu, flatten, layerNorm, presets, relu, sequential } from '@nn/layers';
import { beforeAll, expect, it } from 'vitest';
import type { App, AppTensor } from '../testing/tfjs.ts';
import { importApp } from '../testing/tfjs.ts';
import { tfjsBackend } from '../tfjsBackend.ts';
import type { LayersModelLike } from './layersModel.ts';
import { variablesFromLayersModel } from './layersModel.ts';

interface KerasModel extends LayersModelLike {
  predict(x: AppTensor): AppTensor;
  setWeights(weights: readonly AppTensor[]): void;
  getWeights(): AppTensor[];
}

/** `@tensorflow/tfjs-layers` */
interface Keras {
  sequential(options: { layers: readonly unknown[] }): KerasModel;
  readonly layers: Readonly<Record<string, (options?: object) => unknown>>;
}

let tf: App;
let keras: Keras;
let backend: Backend;
beforeAll(async () => {
  tf = await importApp();
  const module: unknown = await import('#tfjs-layers');
  keras = module as Keras;
  await tf.setBackend('cpu');
  backend = await tfjsBackend({ device: 'cpu' });
});

/** Numbers that are not 0 and 1, which starting values are; variances have to be positive. */
function settle(model: KerasModel): void {
  const weights = model.getWeights().map(({ shape }, index) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, (_, element) => 0.6 + 0.4 * Math.sin(index + element)),
      shape,
    );
  });
  model.setWeights(weights);
  tf.tidy(() => weights.forEach((weight) => weight.dispose()));
}

it('copies dense, convolution and normalization weights: equal outputs', async () => {
  const { layers } = keras;
  const theirs = keras.sequential({
    layers: [
      layers['conv2d']!({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers['batchNormalization']!(),
      layers['depthwiseConv2d']!({ kernelSize: 3, depthMultiplier: 2 }),
      layers['flatten']!(),
      layers['dense']!({ units: 7, activation: 'elu' }),
      layers['layerNormalization']!(),
      layers['batchNormalization']!({ scale: false }),
      layers['dense']!({ units: 3, useBias: false }),
    ],
  });
  settle(theirs);
  const ours = sequential(
    conv2d(4, { window: 3, padding: 'same' }),
    relu(),
    batchNorm(presets.keras.batchNorm),
    conv2d(8, { window: 3, groups: 4 }),
    flatten(),
    dense(7),
    elu(),
    layerNorm(presets.keras.layerNorm),
    batchNorm({ ...presets.keras.batchNorm, scale: false }),
    dense(3, { bias: false }),
  );
  const network = await createNetwork({ model: ours, input: [6, 6, 2], backend, variables: await variablesFromLayersModel(theirs) });
  const x = new NdArray(
    Float32Array.from({ length: 5 * 72 }, (_, index) => Math.cos(index)),
    [5, 6, 6, 2],
    'f32',
  );
  const given = tf.tensor(x.data, x.shape);
  const expected = theirs.predict(given);
  const actual = await network.predict(given);
  expect(actual.shape).toEqual(expected.shape);
  const wanted = expected.dataSync();
  const scale = Math.max(...wanted.map(Math.abs));
  actual.data.forEach((value, index) => expect(Math.abs(value - wanted[index]!)).toBeLessThan(1e-5 * scale));
  tf.tidy(() => [given, expected].forEach((tensor) => tensor.dispose()));
});

it('goes into models within models', async () => {
  const { dense: layer } = keras.layers as { dense: (options: object) => unknown };
  const inner = keras.sequential({ layers: [layer({ units: 2, inputShape: [3] })] });
  const outer = keras.sequential({ layers: [inner, layer({ units: 1 })] });
  expect(Object.keys(await variablesFromLayersModel(outer))).toEqual([
    'sequential1/dense1/kernel',
    'sequential1/dense1/bias',
    'dense1/kernel',
    'dense1/bias',
  ]);
});

it('says which layer has no counterpart', async () => {
  const model = keras.sequential({
    layers: [keras.layers['separableConv2d']!({ filters: 2, kernelSize: 1, inputShape: [3, 3, 2], name: 'apart' })],
  });
  await expect(variablesFromLayersModel(model)).rejects.toThrow('layer "apart" is a SeparableConv2D, whose weights have no counterpart');
});
