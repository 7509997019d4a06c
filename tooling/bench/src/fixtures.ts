// Weights and batches that all contenders are given, written as safetensors files, which every language reads in a few lines.
import type { NdArray } from '@nn/kit';
import { encodeSafetensors, fillNormal, fillUniform, full, initialize, ndarray, streamKey } from '@nn/kit';
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

/** The values a task starts from, by name. */
export function fixtureOf(task: Task): Record<string, NdArray> {
  switch (task.kind) {
    case 'training':
    case 'inference': {
      const { sample } = models[task.model];
      const x = uniform('x', [task.batch, ...sample]);
      const { variables } = initialize(networkOf(models[task.model]), { shape: x.shape, dtype: 'f32' }, seed);
      return { x, y: labels(task.batch), ...variables };
    }
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
export const fixtureFile = (task: Task): Uint8Array => encodeSafetensors(fixtureOf(task));
