// Negative log-likelihood: the cross-entropy of models that end in log-probabilities, weighted as in PyTorch.
import { logSoftmax, ndarray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { applied, lossGradient, lossOf } from '../testing/judge.ts';
import { negativeLogLikelihood } from './negativeLogLikelihood.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

const logits = [
  [1, 2, 3],
  [0, 0.5, -2],
];
const labels = ndarray(Int32Array.of(2, 0));
const soft = [
  [0.2, 0.3, 0.5],
  [1, 0, 0],
];
const classWeights = [0.5, 3, 2];

async function logProbabilities(): Promise<number[][]> {
  const flat = await applied((x) => logSoftmax(x), logits);
  return [flat.slice(0, 3), flat.slice(3)];
}

describe('negativeLogLikelihood', () => {
  it('is minus the log-probability of the class', async () => {
    const [first, second] = await logProbabilities();
    const [a, b] = await lossOf(negativeLogLikelihood(), await logProbabilities(), labels);
    expect([a, b]).toEqual([-Math.fround(first![2]!), -Math.fround(second![0]!)]);
  });

  it.each([{}, { classWeights }])('over logSoftmax is softmaxCrossEntropy, for both kinds of target: %o', async (options) => {
    for (const target of [labels, soft]) {
      const ours = await lossOf(negativeLogLikelihood(options), await logProbabilities(), target);
      const fused = await lossOf(softmaxCrossEntropy(options), logits, target);
      ours.forEach((loss, row) => expect(loss).toBeCloseTo(fused[row]!, 6));
    }
  });

  it('leaves out classes of weight 0, also where the log-probability is −∞', async () => {
    expect(await lossOf(negativeLogLikelihood(), [[-Infinity, 0]], ndarray(Int32Array.of(1)))).toEqual([0]);
    expect(await lossGradient(negativeLogLikelihood(), [[-Infinity, -1]], ndarray(Int32Array.of(1)))).toEqual([0, -1]);
  });

  it('refuses weights that do not fit, and options that are none', async () => {
    await expect(lossOf(negativeLogLikelihood({ classWeights: [1] }), logits, labels)).rejects.toMatchObject({ name: 'ShapeError' });
    expect(() => negativeLogLikelihood({ classWeights: [0, 0] })).toThrow('every entry of classWeights is 0');
    expect(() => negativeLogLikelihood({ weight: [1] } as object)).toThrow('has no option "weight"');
  });
});
