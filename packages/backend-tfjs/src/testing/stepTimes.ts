// How long a training step takes, here and with tfjs-layers on the same device: 784-256-128-10 with batch normalization, batches of 128.
import type { Backend } from '@nn/core';
import { fillUniform, NdArray, streamKey } from '@nn/core';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { adam } from '@nn/optim';
import { createTrainer, softmaxCrossEntropy } from '@nn/train';
import type { AppTensor } from './tfjs.ts';
import { importApp } from './tfjs.ts';
import { tfjsBackend } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';

const [batch, features, classes] = [128, 784, 10];
const hidden = [256, 128];

function batchOfData(): { readonly x: Float32Array; readonly labels: Int32Array } {
  const x = new Float32Array(batch * features);
  fillUniform(streamKey(1, 'data', 0, 0), x);
  return { x, labels: Int32Array.from({ length: batch }, (_, row) => row % classes) };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** Milliseconds of a step, the median of `steps` after five. */
export async function stepTimeOn(backend: Backend, steps: number): Promise<number> {
  const model = sequential(...hidden.flatMap((units) => [dense(units), batchNorm(), relu()]), dense(classes));
  const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: adam(), backend });
  const { x, labels } = batchOfData();
  const data = { x: new NdArray(x, [batch, features], 'f32'), y: new NdArray(labels, [batch], 'i32') };
  const ends: number[] = [];
  await trainer.fit(data, {
    batchSize: batch,
    epochs: steps + 5,
    callbacks: [({ type }) => void (type === 'step' && ends.push(performance.now()))],
  });
  await trainer.dispose();
  return median(ends.slice(5).map((end, index) => end - ends[index + 4]!));
}

/** The same on a device of TensorFlow.js. */
export async function ourStepTime(device: DeviceName, steps: number): Promise<number> {
  const backend = await tfjsBackend({ device });
  const time = await stepTimeOn(backend, steps);
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
export async function layersStepTime(device: DeviceName, steps: number): Promise<number> {
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
  const { x, labels } = batchOfData();
  const oneHot = Float32Array.from({ length: batch * classes }, (_, index) =>
    Number(labels[Math.floor(index / classes)] === index % classes),
  );
  const [samples, targets] = [tf.tensor(x, [batch, features]), tf.tensor(oneHot, [batch, classes])];
  const times: number[] = [];
  for (let step = 0; step < steps + 5; step++) {
    const start = performance.now();
    await model.trainOnBatch(samples, targets);
    times.push(performance.now() - start);
  }
  return median(times.slice(5));
}
