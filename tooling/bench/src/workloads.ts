// What is measured: one row per workload, with the work it is at least.
import type { ModelName } from './models.ts';
import { models, productFlops } from './models.ts';

/** What a contender has to be able to do. Sizes are numbers of elements, shapes are channels last, everything is float32. */
export type Task =
  /** A step of Adam on the mean softmax cross-entropy of one fixed batch. */
  | { readonly kind: 'training'; readonly model: ModelName; readonly batch: number }
  | { readonly kind: 'inference'; readonly model: ModelName; readonly batch: number }
  /** [m, k] × [k, n]; with `transposeA` the first operand lies as [k, m]. */
  | { readonly kind: 'matmul'; readonly m: number; readonly k: number; readonly n: number; readonly transposeA: boolean }
  /** Forward and backward: from x, gamma, beta and dy to y, dx, dgamma and dbeta. */
  | { readonly kind: 'batchNorm' | 'layerNorm'; readonly shape: readonly number[] }
  /** From logits and class indices to the mean loss and the gradient of the logits. */
  | { readonly kind: 'crossEntropy'; readonly shape: readonly [batch: number, classes: number] }
  /** From x and dy to y and dx. */
  | { readonly kind: 'elu'; readonly size: number }
  /** Draws a new mask each time, rate 0.5. */
  | { readonly kind: 'dropout'; readonly size: number }
  /** From parameters, both moments and gradients to new parameters and moments. */
  | { readonly kind: 'adam'; readonly size: number }
  /** A process that imports the library, loads the weights of `mlp` and gives its first prediction. */
  | { readonly kind: 'start' }
  /** From a program to the result of its first step, in a process that has done that before. */
  | { readonly kind: 'compile'; readonly model: ModelName; readonly batch: number }
  /** Trains `mlp` on the official MNIST until the test accuracy is reached; testing, every so many steps, does not count. */
  | { readonly kind: 'mnist'; readonly accuracy: number; readonly batch: number; readonly stepsBetweenTests: number }
  /** Not a time: bytes of JavaScript's heap that a training step leaves for the garbage collector. */
  | { readonly kind: 'allocation'; readonly model: ModelName; readonly batch: number }
  /** Not a time: what part of a training step passes outside of its kernels. */
  | { readonly kind: 'overhead'; readonly model: ModelName; readonly batch: number }
  /** What the machine can do at most, for the fractions. `size` is what the streams of the triad occupy together. */
  | { readonly kind: 'multiplyAdd'; readonly threads: number }
  | { readonly kind: 'triad'; readonly size: number; readonly threads: number };

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /** Floating-point operations that cannot be avoided (products only). */
  readonly flops?: number;
  /** Bytes that have to come from memory or go there at least: every operand once. */
  readonly bytes?: number;
  /** Another process keeps one core busy meanwhile. */
  readonly besideBusyProcess?: boolean;
}

const float = 4;
const elements = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

const training = (model: ModelName, batch: number, title: string): Workload => ({
  name: `${model}-${batch}`,
  title: `${title} step, batch ${batch}`,
  task: { kind: 'training', model, batch },
  flops: 3 * batch * productFlops(models[model]),
});

const inference = (model: ModelName, batch: number, title: string): Workload => ({
  name: `${model}-inference-${batch}`,
  title: `${title} inference, batch ${batch}`,
  task: { kind: 'inference', model, batch },
  flops: batch * productFlops(models[model]),
});

const matmul = (name: string, title: string, [m, k, n]: readonly [number, number, number], transposeA = false): Workload => ({
  name,
  title,
  task: { kind: 'matmul', m, k, n, transposeA },
  flops: 2 * m * k * n,
});

/** Forward reads x and writes y, backward reads x and dy and writes dx. */
const normalization = (kind: 'batchNorm' | 'layerNorm', shape: readonly number[]): Workload => ({
  name: `${kind}-${shape.join('x')}`,
  title: `${kind === 'batchNorm' ? 'batch' : 'layer'} norm fwd+bwd [${shape.join(', ')}]`,
  task: { kind, shape },
  bytes: 5 * float * elements(shape),
});

const million = 2 ** 20;

const adam = (size: number, title: string): Workload => ({
  name: `adam-${title}`,
  title: `Adam, ${title} parameters`,
  task: { kind: 'adam', size },
  bytes: 7 * float * size,
});

export const workloads: readonly Workload[] = [
  training('mlp', 32, 'MLP-BN'),
  training('mlp', 128, 'MLP-BN'),
  training('mlp', 512, 'MLP-BN'),
  training('deep-selu', 128, 'deep SELU MLP'),
  training('cnn', 64, 'CNN'),
  matmul('matmul-512', 'matrix product 512³', [512, 512, 512]),
  matmul('matmul-dw', 'dW 784×128×256', [784, 128, 256], true),
  normalization('batchNorm', [512, 1024]),
  normalization('batchNorm', [32, 28, 28, 64]),
  normalization('layerNorm', [512, 1024]),
  {
    name: 'crossEntropy',
    title: 'softmax cross-entropy fwd+bwd [512, 10]',
    task: { kind: 'crossEntropy', shape: [512, 10] },
    bytes: 2 * float * 512 * 10,
  },
  { name: 'elu', title: 'ELU fwd+bwd, 1M', task: { kind: 'elu', size: million }, bytes: 4 * float * million },
  { name: 'dropout', title: 'dropout, 1M', task: { kind: 'dropout', size: million }, bytes: 2 * float * million },
  adam(235_146, '235k'),
  adam(10_000_000, '10M'),
  inference('mlp', 1, 'MLP-BN'),
  inference('mlp', 128, 'MLP-BN'),
  inference('cnn', 64, 'CNN'),
  { name: 'start', title: 'import to first prediction', task: { kind: 'start' } },
  { name: 'compile', title: 'MLP-BN, program to first step', task: { kind: 'compile', model: 'mlp', batch: 128 } },
  { ...training('mlp', 128, 'MLP-BN'), name: 'busy-mlp-128', title: 'MLP-BN step, batch 128, one core busy', besideBusyProcess: true },
  {
    name: 'mnist',
    title: 'MNIST to 97 % test accuracy, MLP-BN',
    task: { kind: 'mnist', accuracy: 0.97, batch: 128, stepsBetweenTests: 25 },
  },
  { name: 'overhead', title: 'MLP-BN step, batch 128: outside of its kernels', task: { kind: 'overhead', model: 'mlp', batch: 128 } },
  { name: 'allocation', title: 'MLP-BN step, batch 128: bytes allocated', task: { kind: 'allocation', model: 'mlp', batch: 128 } },
];

/** Sizes of the streams whose bandwidth is measured: what fits into the second and the third level of cache, and what does not. */
export const streamSizes = [512 * 1024, 24 * 1024 ** 2, 192 * 1024 ** 2] as const;

/** The limits of the machine on one thread and on all of them. */
export function limits(threads: number): Workload[] {
  return [...new Set([1, threads])].flatMap((count) => [
    { name: `multiplyAdd-${count}`, title: `multiply and add, ${count} thr.`, task: { kind: 'multiplyAdd', threads: count } } as const,
    ...streamSizes.map(
      (size) =>
        ({
          name: `triad-${size}-${count}`,
          title: `triad of ${size / 1024} KiB, ${count} thr.`,
          task: { kind: 'triad', size, threads: count },
        }) as const,
    ),
  ]);
}
