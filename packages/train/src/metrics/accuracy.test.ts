// What counts as a hit, for class indices and soft labels, and that sums add up over batches.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike } from '@nn/core';
import { ndarray, run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { accuracy } from './accuracy.ts';

const backend = referenceBackend();
const metric = accuracy();
const scores = [
  [0.1, 0.7, 0.2],
  [2, 1, 0],
  [0, 0, 1],
];

async function sums(prediction: ArrayLike, target: ArrayLike): Promise<Record<string, number>> {
  const found = await run(backend, (p, t) => metric.accumulate(p, t), prediction, target);
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value.item()]));
}

describe('accuracy', () => {
  it('counts the rows whose highest score is at the class', async () => {
    expect(await sums(scores, ndarray(Int32Array.of(1, 0, 1)))).toEqual({ correct: 2, total: 3 });
  });

  it('takes the highest entry of soft labels', async () => {
    expect(
      await sums(scores, [
        [0.1, 0.8, 0.1],
        [0, 0, 1],
        [0.2, 0.2, 0.6],
      ]),
    ).toEqual({ correct: 2, total: 3 });
  });

  it('gives ties to the first class', async () => {
    expect(await sums([[1, 1]], ndarray(Int32Array.of(1)))).toEqual({ correct: 0, total: 1 });
  });

  it('judges every position of a sequence', async () => {
    const target = ndarray(Int32Array.of(1, 0), { shape: [1, 2] });
    expect(
      await sums(
        [
          [
            [0, 1],
            [0, 1],
          ],
        ],
        target,
      ),
    ).toEqual({ correct: 1, total: 2 });
  });

  it('is the part of the added sums', () => {
    expect(metric.result({ correct: 3, total: 4 })).toBe(0.75);
  });

  it('refuses targets that do not fit', async () => {
    await expect(sums(scores, ndarray(Int32Array.of(1, 0)))).rejects.toThrow('accuracy: the prediction is f32[3, 3] and the target i32[2]');
    await expect(sums(scores, [1, 0, 2])).rejects.toMatchObject({ name: 'DTypeError' });
  });
});
