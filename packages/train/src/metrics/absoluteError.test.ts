// The absolute error as a metric: every element counts alike, whatever the batches are.
import { referenceBackend } from '@nn/backend-reference';
import { run } from '@nn/core';
import { expect, it } from 'vitest';
import { absoluteError } from './absoluteError.ts';

const metric = absoluteError();

it('averages distances over all elements', async () => {
  const sums = await run(
    referenceBackend(),
    (p, t) => metric.accumulate(p, t) as { distance: typeof p; count: typeof p },
    [
      [1, 2],
      [3, -4],
    ],
    [
      [1, 4],
      [0, 0],
    ],
  );
  expect([sums.distance.item(), sums.count.item()]).toEqual([9, 4]);
  expect(metric.result({ distance: 9, count: 4 })).toBe(2.25);
});

it('refuses [n] against [n, 1]', async () => {
  await expect(run(referenceBackend(), (p, t) => metric.accumulate(p, t) as { count: typeof p }, [[1]], [1])).rejects.toThrow(
    'Give each target its own row',
  );
});
