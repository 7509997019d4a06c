// Weights and batches that all contenders are given, written as safetensors files, which every language reads in a few lines.
import type { Dataset, NdArray } from '@nn/kit';
import { encodeSafetensors, fillNormal, fillUniform, full, initialize, loadMnist, ndarray, permutation, streamKey } from '@nn/kit';
import type { ModelName } from './models.ts';
import { classes, models } from './models.ts';
import { networkOf } from './contenders/network.ts';
import type { Task } from './workloads.ts';

const seed = 1;

function normal(name: string, shape: readonly number[]): NdArray {
  const array = full(shape, 0);
  fillNormal(streamKey(seed, name, 0, 0), array.data as Float32Array);
  return array;
}

function uniform(name: string, shape: readonly number[]): NdArray {
  const array = full(shape, 0);
  fillUniform(streamKey(seed, name, 0, 0), array.data as Float32Array);
  return array;
}

const labels = (count: number) => ndarray(Int32Array.from({ length: count }, (_, index) => (index * 7) % classes));

function modelFixture(name: ModelName, batch: number): Record<string, NdArray> {
  const x = uniform('x', [batch, ...models[name].sample]);
  const { variables } = initialize(networkOf(models[name]), { shape: x.shape, dtype: 'f32' }, seed);
  return { x, y: labels(batch), ...variables };
}

/** Epochs after which a training has failed to reach its accuracy. */
const epochs = 4;

/** All images as bytes, their labels, and the order in which every contender sees them: one row number after another. */
async function mnistFixture(): Promise<Record<string, NdArray>> {
  const { train, test } = await loadMnist({ scale: 1 });
  const { x: _x, y: _y, ...variables } = modelFixture('mlp', 1);
  const orders = Array.from({ length: epochs }, (_, epoch) => permutation(train.size, streamKey(seed, 'order', 0, epoch)));
  const order = ndarray(Int32Array.from(orders.flatMap((rows) => [...rows])));
  const all = ({ x, y }: Dataset) => {
    const rows = Int32Array.from({ length: x.count }, (_, row) => row);
    return [ndarray(Uint8Array.from(x.gather(rows).data), { shape: [x.count, 784] }), y.gather(rows)] as const;
  };
  const [[images, digits], [testImages, testDigits]] = [all(train), all(test)];
  return { images, digits, testImages, testDigits, order, ...variables };
}

/** The values a task starts from, by name. */
export async function fixtureOf(task: Task): Promise<Record<string, NdArray>> {
  switch (task.kind) {
    case 'training':
    case 'inference':
    case 'compile':
    case 'allocation':
    case 'overhead':
      return modelFixture(task.model, task.batch);
    case 'start':
      return modelFixture('mlp', 1);
    case 'mnist':
      return mnistFixture();
    case 'matmul':
      return { a: normal('a', task.transposeA ? [task.k, task.m] : [task.m, task.k]), b: normal('b', [task.k, task.n]) };
    case 'batchNorm':
    case 'layerNorm': {
      const features = [task.shape.at(-1)!];
      return {
        x: normal('x', task.shape),
        dy: normal('dy', task.shape),
        gamma: uniform('gamma', features),
        beta: normal('beta', features),
      };
    }
    case 'crossEntropy':
      return { x: normal('x', task.shape), y: labels(task.shape[0]) };
    case 'elu':
      return { x: normal('x', [task.size]), dy: normal('dy', [task.size]) };
    case 'dropout':
      return { x: normal('x', [task.size]) };
    case 'adam':
      return { w: uniform('w', [task.size]), g: uniform('g', [task.size]), m: full([task.size], 0), v: full([task.size], 0) };
    case 'multiplyAdd':
    case 'triad':
      return {};
  }
}

/** The same as a file. */
export const fixtureFile = async (task: Task): Promise<Uint8Array> => encodeSafetensors(await fixtureOf(task));
