// Binary accuracy: what counts as a hit, and that accuracy refuses what only this one can judge.
import { referenceBackend } from '@nn/backend-reference';
import type { AnyMetric, ArrayLike } from '@nn/core';
import { run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { accuracy } from './accuracy.ts';
import { binaryAccuracy } from './binaryAccuracy.ts';
import { confusionMatrix } from './confusionMatrix.ts';
import { topKAccuracy } from './topKAccuracy.ts';

async function correct(metric: AnyMetric, prediction: ArrayLike, target: ArrayLike): Promise<number> {
  const sums = await run(referenceBackend(), (p, t) => metric.accumulate(p, t) as { correct: typeof p }, prediction, target);
  return sums.correct.item();
}

describe('binaryAccuracy', () => {
  it('counts answers on the right side of the threshold; NaN is on neither', async () => {
    expect(await correct(binaryAccuracy(), [[2], [-1], [0], [1], [NaN]], [[1], [0], [0], [0], [0]])).toBe(3);
    expect(await correct(binaryAccuracy({ threshold: 0.5 }), [0.4, 0.6], [1, 1])).toBe(1);
  });

  it('judges every answer of a sample', async () => {
    expect(await correct(binaryAccuracy(), [[1, -1, 1]], [[1, 1, 0.75]])).toBe(2);
    expect(binaryAccuracy().result({ correct: 2, total: 3 })).toBeCloseTo(2 / 3, 12);
  });

  it('refuses [n] against [n, 1], and a threshold that is none', async () => {
    await expect(correct(binaryAccuracy(), [[1]], [1])).rejects.toThrow('Give each target its own row');
    expect(() => binaryAccuracy({ threshold: NaN })).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});

it.each([accuracy(), topKAccuracy(1), confusionMatrix()])(
  '$kind refuses one score per sample, of which the highest is always the first',
  async (metric) => {
    await expect(correct(metric, [[1], [2]], [[1], [0]])).rejects.toThrow('binaryAccuracy()');
  },
);
