// The confusion matrix: counts by class, added up over batches by evaluate.
import { dense, sequential } from '@nn/layers';
import { constant } from '@nn/initializers';
import { sgd } from '@nn/optim';
import { NdArray, ndarray } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from '../losses/softmaxCrossEntropy.ts';
import { blobs } from '../testing/blobs.ts';
import type { TrainingEvent } from '../events.ts';
import { createTrainer } from '../trainer/createTrainer.ts';
import { accuracy } from './accuracy.ts';
import { confusionMatrix } from './confusionMatrix.ts';

const trainer = () =>
  createTrainer({
    // The scores of the classes are the two coordinates of a point, and 0.
    model: sequential(dense(3, { kernelInitializer: { kind: 'eye', options: {}, fill: () => Float32Array.of(1, 0, 0, 0, 1, 0) } })),
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate: 0.5 }),
    metrics: [accuracy(), confusionMatrix()],
    backend: referenceBackend(),
  });

describe('confusionMatrix', () => {
  it('has the actual classes as rows and the guessed ones as columns, over batches of any size', async () => {
    const x = [
      [1, 0],
      [0, 1],
      [-1, -1],
      [2, 1],
      [1, 2],
    ];
    const y = ndarray(Int32Array.of(0, 0, 2, 1, 1));
    for (const batchSize of [1, 2, 5]) {
      const { confusionMatrix: counts, accuracy: share } = await (await trainer()).evaluate({ x, y }, { batchSize });
      expect(counts).toBeInstanceOf(NdArray);
      expect((counts as NdArray).toArray()).toEqual([
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 1],
      ]);
      expect(share).toBe(0.6);
    }
  });

  it('is in no history, which holds numbers, and goes through a checkpoint', async () => {
    const data = blobs(24);
    const first = await trainer();
    const stop = new AbortController();
    const stopLater = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.batch === 3) stop.abort();
    };
    await first.fit(data, { batchSize: 4, shuffle: false, signal: stop.signal, callbacks: [stopLater] });
    const second = await trainer();
    await second.loadCheckpoint(await first.toCheckpoint());
    const history = await second.fit(data, { epochs: 1, batchSize: 4, shuffle: false });
    expect(Object.keys(history.epochs[0]!)).toEqual(['epoch', 'loss', 'accuracy', 'seconds', 'samplesPerSecond']);
  });

  it('refuses targets that do not fit', async () => {
    const broken = await createTrainer({
      model: sequential(dense(2, { kernelInitializer: constant(1) })),
      loss: (prediction) => prediction.sum(1),
      optimizer: sgd(),
      metrics: [confusionMatrix()],
      backend: referenceBackend(),
    });
    await expect(broken.evaluate({ x: [[1]], y: [[[1]]] })).rejects.toMatchObject({ name: 'ShapeError' });
  });
});
