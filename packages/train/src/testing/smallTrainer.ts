// A small classifier with everything that makes exactness hard: batch normalization, dropout, Adam.
import { referenceBackend } from '@nn/backend-reference';
import type { Metric } from '@nn/core';
import { batchNorm, dense, dropout, relu, sequential } from '@nn/layers';
import { adam } from '@nn/optim';
import { softmaxCrossEntropy } from '../losses/softmaxCrossEntropy.ts';
import { accuracy } from '../metrics/accuracy.ts';
import type { TrainerOptions } from '../trainer/createTrainer.ts';
import { createTrainer } from '../trainer/createTrainer.ts';
import type { Trainer } from '../trainer/trainer.ts';

export const smallModel = sequential(dense(6, { bias: false }), batchNorm(), relu(), dropout({ rate: 0.2 }), dense(3));

/** Three classes of points in the plane. */
export function smallTrainer(options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  return createTrainer({
    model: smallModel,
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.02 }),
    metrics: [accuracy()],
    backend: referenceBackend(),
    seed: 7,
    ...options,
  } as TrainerOptions & { readonly metrics: readonly Metric[] });
}

/** All variables of the trainer's model as nested numbers. */
export async function modelVariables({ network }: Trainer): Promise<Record<string, unknown>> {
  const values = await Promise.all(network.variables().map(async ({ path }) => [path, (await network.read(path)).toArray()] as const));
  return Object.fromEntries(values);
}
