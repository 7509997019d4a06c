// The loss of classification: values from the formula, both kinds of target, smoothing, logits of any size.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike } from '@nn/core';
import { ndarray, run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

const backend = referenceBackend();
const logits = [
  [1, 2, 3],
  [0, 0, 0],
];
const indices = ndarray(Int32Array.of(2, 0));

async function losses(loss: ReturnType<typeof softmaxCrossEntropy>, prediction: ArrayLike, target: ArrayLike): Promise<Float64Array> {
  const { data } = await run(backend, (p, t) => loss.apply(p, t), prediction, target);
  return Float64Array.from(data);
}

function negativeLogProbability(row: readonly number[], label: number): number {
  return Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[label]!;
}

describe('softmaxCrossEntropy', () => {
  it('is the negative log probability of the class', async () => {
    const [first, second] = await losses(softmaxCrossEntropy(), logits, indices);
    expect(first).toBeCloseTo(negativeLogProbability(logits[0]!, 2), 12);
    expect(second).toBeCloseTo(Math.log(3), 12);
  });

  it('takes soft labels, of which one-hot rows are a case', async () => {
    const oneHot = [
      [0, 0, 1],
      [1, 0, 0],
    ];
    expect(await losses(softmaxCrossEntropy(), logits, oneHot)).toEqual(await losses(softmaxCrossEntropy(), logits, indices));
  });

  it('spreads labelSmoothing over all classes', async () => {
    const [first] = await losses(softmaxCrossEntropy({ labelSmoothing: 0.3 }), logits, indices);
    const expected = [0.1, 0.1, 0.8].reduce((sum, weight, label) => sum + weight * negativeLogProbability(logits[0]!, label), 0);
    expect(first).toBeCloseTo(expected, 12);
  });

  it('is finite for logits of any size', async () => {
    const large = await losses(softmaxCrossEntropy(), [[1e30, -1e30]], ndarray(Int32Array.of(0)));
    expect([...large]).toEqual([0]);
  });

  it.each([-0.1, 1.1, NaN])('refuses the smoothing %d', (labelSmoothing) => {
    expect(() => softmaxCrossEntropy({ labelSmoothing })).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('refuses an option it does not have', () => {
    expect(() => softmaxCrossEntropy({ smoothing: 0.1 } as object)).toThrow('has no option "smoothing"');
  });
});
