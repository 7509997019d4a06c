// Weights of rows in training: Σ weight · loss / rows, in validation too, while metrics count every row alike.
import { referenceBackend } from '@nn/backend-reference';
import { batchNorm, dense, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { balancedClassWeights } from '../losses/classWeights.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { softmaxCrossEntropy } from '../losses/softmaxCrossEntropy.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import { createTrainer } from './createTrainer.ts';

const backend = referenceBackend();
const line = () =>
  createTrainer({ model: sequential(dense(1, { bias: false })), loss: meanSquaredError(), optimizer: sgd(), backend, input: [1] });
const x = [[1], [2], [3]];
const y = [[0], [0], [0]];

describe('weights of rows', () => {
  it('multiply the loss of a row, which is divided by the number of rows', async () => {
    const trainer = await line();
    const w = (await trainer.network.read('dense1/kernel')).item();
    const { loss } = await trainer.evaluate({ x, y, weights: [1, 0, 2] });
    expect(loss).toBeCloseTo((w ** 2 + 2 * (3 * w) ** 2) / 3, 6);
    for (const batchSize of [1, 2]) expect((await trainer.evaluate({ x, y, weights: [1, 0, 2] }, { batchSize })).loss).toBeCloseTo(loss, 6);
  });

  it('of whole numbers train as rows that occur so often', async () => {
    const [weighted, repeated] = [await line(), await line()];
    // A row that counts nothing takes the place of the second copy, so that both divide by four.
    await weighted.fit({ x: [...x, [9]], y: [...y, [0]], weights: [1, 1, 2, 0] }, { epochs: 3, shuffle: false });
    await repeated.fit({ x: [...x, [3]], y: [...y, [0]] }, { epochs: 3, shuffle: false });
    const [a, b] = [await modelVariables(weighted), await modelVariables(repeated)];
    expect((a['dense1/kernel'] as number[][])[0]![0]).toBeCloseTo((b['dense1/kernel'] as number[][])[0]![0]!, 6);
  });

  it('are used in validation, and no metric knows them', async () => {
    const trainer = await smallTrainer();
    const data = blobs(24);
    const none = { ...data, weights: Array.from({ length: 24 }, () => 0) };
    const { epochs } = await trainer.fit({ ...data, weights: Array.from({ length: 24 }, () => 1) }, { validation: none });
    expect(epochs[0]!['validationLoss']).toBe(0);
    expect(epochs[0]!['validationAccuracy']).toBe((await trainer.evaluate(data))['accuracy']);
  });

  it('of classes are those of the rows of a class', async () => {
    const data = blobs(24);
    const classWeights = balancedClassWeights(data.y, 3).map((weight, label) => weight * (label + 1));
    const ofClasses = await smallTrainer({ loss: softmaxCrossEntropy({ classWeights }) });
    const ofRows = await smallTrainer();
    const weights = [...data.y.data].map((label) => classWeights[label]!);
    const [a] = (await ofClasses.fit(data, { batchSize: 8 })).epochs;
    const [b] = (await ofRows.fit({ ...data, weights }, { batchSize: 8 })).epochs;
    expect(a!.loss).toBeCloseTo(b!.loss, 5);
  });

  it('go along when the last row joins the batch before it', async () => {
    const trainer = await createTrainer({
      model: sequential(batchNorm(), dense(3)),
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0 }),
      metrics: [accuracy()],
      backend,
    });
    const data = blobs(9);
    const stream = function* () {
      for (const [from, to] of [
        [0, 4],
        [4, 8],
        [8, 9],
      ] as const)
        yield {
          x: (data.x.toArray() as number[][]).slice(from, to),
          y: data.y.data.slice(from, to),
          weights: Array.from({ length: to - from }, () => 0),
        };
    };
    const { epochs } = await trainer.fit(stream);
    expect(epochs[0]!.loss).toBe(0);
  });

  it('need a loss per row', async () => {
    const trainer = await createTrainer({
      model: sequential(dense(1)),
      loss: (prediction) => prediction.mean(),
      optimizer: sgd(),
      backend,
    });
    await expect(trainer.fit({ x, y, weights: [1, 1, 1] })).rejects.toThrow('so the weights of the data cannot be applied');
  });

  it('reach a custom step', async () => {
    const trainer = await createTrainer({
      model: sequential(dense(1, { bias: false })),
      step: ({ batch, apply }) => ({ loss: apply(batch.x).mul(0).sum(1).add(batch.weights!) }),
      optimizer: sgd(),
      backend,
    });
    expect((await trainer.evaluate({ x, y, weights: [1, 2, 6] })).loss).toBe(3);
  });
});
