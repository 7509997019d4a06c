// Top-k accuracy: ties, NaN, soft labels, and that k = 1 is accuracy.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike, AnyMetric } from '@nn/core';
import { ndarray, run } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy } from './accuracy.ts';
import { topKAccuracy } from './topKAccuracy.ts';

const backend = referenceBackend();

async function correct(metric: AnyMetric, prediction: ArrayLike, target: ArrayLike): Promise<number> {
  const { correct: hits } = await run(backend, (p, t) => metric.accumulate(p, t) as { correct: typeof p }, prediction, target);
  return hits.item();
}

const labels = (...values: number[]) => ndarray(Int32Array.from(values));

describe('topKAccuracy', () => {
  const scores = [
    [0.1, 0.7, 0.2],
    [2, 1, 0],
    [0, 0, 1],
  ];

  it('counts the classes among the k highest scores', async () => {
    expect(await correct(topKAccuracy(2), scores, labels(2, 2, 0))).toBe(2);
    expect(await correct(topKAccuracy(3), scores, labels(2, 2, 0))).toBe(3);
  });

  it('takes the first of equal scores as the higher one', async () => {
    expect(await correct(topKAccuracy(2), [[1, 1, 1]], labels(1))).toBe(1);
    expect(await correct(topKAccuracy(2), [[1, 1, 1]], labels(2))).toBe(0);
  });

  it('counts no score of NaN, and lets one of another class go first', async () => {
    expect(await correct(topKAccuracy(2), [[NaN, 0, 1]], labels(0))).toBe(0);
    expect(await correct(topKAccuracy(2), [[NaN, 0, 1]], labels(1))).toBe(0);
    expect(await correct(topKAccuracy(2), [[NaN, 0, 1]], labels(2))).toBe(1);
  });

  it('takes the highest entry of soft labels', async () => {
    expect(await correct(topKAccuracy(2), [[3, 2, 1]], [[0.2, 0.7, 0.1]])).toBe(1);
  });

  it('with k = 1 is accuracy, and grows with k to all samples', async () => {
    const rows = fc.integer({ min: 2, max: 5 }).chain((classes) =>
      fc.array(
        fc.tuple(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: classes, maxLength: classes }), fc.nat({ max: classes - 1 })),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(rows, async (samples) => {
        const prediction = samples.map(([row]) => row);
        const target = labels(...samples.map(([, label]) => label));
        const classes = prediction[0]!.length;
        const counts: number[] = [];
        for (let k = 1; k <= classes; k++) counts.push(await correct(topKAccuracy(k), prediction, target));
        expect(counts[0]).toBe(await correct(accuracy(), prediction, target));
        expect(counts).toEqual(counts.toSorted((a, b) => a - b));
        expect(counts.at(-1)).toBe(samples.length);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a k that is no count or more than the classes', async () => {
    for (const k of [0, 1.5, NaN]) expect(() => topKAccuracy(k)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    await expect(correct(topKAccuracy(4), scores, labels(0, 1, 2))).rejects.toThrow('there are 3 classes');
  });

  it('is made again from its options', () => {
    expect(topKAccuracy.rebuild(topKAccuracy(5).options, {}).options).toEqual({ k: 5 });
  });
});
