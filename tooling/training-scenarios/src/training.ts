// One training that every backend has to reproduce: 784-64-10 with batch normalization, batches of 32, 300 steps.
import type { Backend } from '@nn/core';
import { fillUniform, NdArray, streamKey } from '@nn/core';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import type { Callback, Trainer } from '@nn/train';
import { createTrainer, softmaxCrossEntropy } from '@nn/train';

export const trainingSteps = 300;
const [rows, features, classes, batchSize] = [960, 784, 10, 32];

/** Rows of ten classes, each a pattern of its own under noise; the same numbers everywhere. */
function samples(): { readonly x: NdArray; readonly y: NdArray } {
  const noise = new Float32Array(rows * features);
  const patterns = new Float32Array(classes * features);
  fillUniform(streamKey(1, 'noise', 0, 0), noise);
  fillUniform(streamKey(1, 'patterns', 0, 0), patterns);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const x = noise.map((value, index) => {
    const [row, feature] = [Math.floor(index / features), index % features];
    return 0.9 * value + 0.1 * patterns[labels[row]! * features + feature]!;
  });
  return { x: new NdArray(x, [rows, features], 'f32'), y: new NdArray(labels, [rows], 'i32') };
}

/** A trainer at its start. */
export function newTrainer(backend: Backend): Promise<Trainer> {
  return createTrainer({
    model: sequential(dense(64), batchNorm(), relu(), dense(classes)),
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
    backend,
    seed: 5,
  });
}

/**
 * The loss of each step; a step that was under way already is one more.
 * @param during is called before step 1, 2, …
 */
export async function train(trainer: Trainer, steps: number, during: (step: number) => void | Promise<void> = () => {}): Promise<number[]> {
  const losses: number[] = [];
  const stop = new AbortController();
  const callback: Callback = async (event) => {
    if (event.type !== 'step') return;
    losses.push(event.loss);
    if (losses.length === steps) stop.abort();
    await during(losses.length + 1);
  };
  const stepsPerEpoch = rows / batchSize;
  await trainer.fit(samples(), { batchSize, epochs: Math.ceil(steps / stepsPerEpoch), callbacks: [callback], signal: stop.signal });
  return losses;
}

/** Whether two curves agree: 20 steps one by one, and the mean of the last 50. */
export function compareCurves(actual: readonly number[], expected: readonly number[]): { readonly early: number; readonly late: number } {
  const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);
  const lastMean = (losses: readonly number[]): number => losses.slice(-50).reduce((sum, loss) => sum + loss, 0) / 50;
  return {
    early: Math.max(...actual.slice(0, 20).map((loss, step) => relative(loss, expected[step]!))),
    late: relative(lastMean(actual), lastMean(expected)),
  };
}
