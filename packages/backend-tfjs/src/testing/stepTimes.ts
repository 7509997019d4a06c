// How long a training step takes, here and with tfjs-layers: networks with batch normalization, Adam, batches that come from the host.
import { median, stepTimeOn } from '@nn-tooling/training-scenarios';
import type { TimedModel } from '@nn-tooling/training-scenarios';
import { fillUniform, streamKey } from '@nn/core';
import type { AppTensor } from './tfjs.ts';
import { importApp } from './tfjs.ts';
import { tfjsBackend } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';

const [features, classes] = [784, 10];
/** Steps before the first that counts. */
const warmUp = 5;

function batchOfData(batch: number): { readonly x: Float32Array; readonly labels: Int32Array } {
  const x = new Float32Array(batch * features);
  fillUniform(streamKey(1, 'data', 0, 0), x);
  return { x, labels: Int32Array.from({ length: batch }, (_, row) => row % classes) };
}

/** Milliseconds of a step on a device of TensorFlow.js, the median of `steps`. */
export async function ourStepTime(device: DeviceName, model: TimedModel, steps: number): Promise<number> {
  const backend = await tfjsBackend({ device });
  const time = await stepTimeOn(backend, model, steps);
  await backend.dispose();
  return time;
}

interface TrainedModel {
  compile(options: { optimizer: string; loss: string }): void;
  trainOnBatch(x: AppTensor, y: AppTensor): Promise<number>;
}

interface Keras {
  sequential(options: { layers: readonly unknown[] }): TrainedModel;
  readonly layers: Readonly<Record<string, (options?: object) => unknown>>;
}

const isKeras = (module: unknown): module is Keras => typeof (module as Partial<Keras>).sequential === 'function';

/** The same model with tfjs-layers, on the backend of that name. */
export async function layersStepTime(device: DeviceName, { hidden, batch }: TimedModel, steps: number): Promise<number> {
  const tf = await importApp();
  if (device === 'webgl') await import('#tfjs-backend-webgl');
  if (device === 'webgpu') await import('#tfjs-backend-webgpu');
  const keras: unknown = await import('#tfjs-layers');
  if (!isKeras(keras)) throw new Error('@tensorflow/tfjs-layers is not installed.');
  await tf.setBackend(device);
  const { dense: layer, batchNormalization, reLU } = keras.layers as Record<string, (options?: object) => unknown>;
  const model = keras.sequential({
    layers: [
      ...hidden.flatMap((units, index) => [
        layer!({ units, ...(index === 0 ? { inputShape: [features] } : {}) }),
        batchNormalization!(),
        reLU!(),
      ]),
      layer!({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  const { x, labels } = batchOfData(batch);
  const oneHot = Float32Array.from({ length: batch * classes }, (_, index) =>
    Number(labels[Math.floor(index / classes)] === index % classes),
  );
  const times: number[] = [];
  for (let step = 0; step < steps + warmUp; step++) {
    const start = performance.now();
    const given = [tf.tensor(x.slice(), [batch, features]), tf.tensor(oneHot.slice(), [batch, classes])] as const;
    await model.trainOnBatch(...given);
    tf.tidy(() => given.forEach((tensor) => tensor.dispose()));
    times.push(performance.now() - start);
  }
  return median(times.slice(warmUp));
}
