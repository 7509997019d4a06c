// The absolute error: mean over everything but the batch, and no gradient where it is 0.
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';

const loss = meanAbsoluteError();

describe('meanAbsoluteError', () => {
  it('averages the distances of each sample', async () => {
    const prediction = [
      [1, 2],
      [3, -4],
    ];
    const target = [
      [1, 4],
      [0, 0],
    ];
    expect(await lossOf(loss, prediction, target)).toEqual([1, 3.5]);
    expect(await lossOf(loss, [1, 2], [3, 2])).toEqual([2, 0]);
  });

  it('has the sign of the distance as gradient, 0 at 0', async () => {
    expect(await lossGradient(loss, [1, -1, 2], [3, -4, 2])).toEqual([-1, 1, 0]);
  });

  it('refuses [n] against [n, 1], numbers without a batch, and integers', async () => {
    await expect(lossOf(loss, [[1], [2]], [1, 2])).rejects.toThrow('Give each target its own row');
    await expect(lossOf(loss, 1, 2)).rejects.toThrow('the first axis counts the samples');
    await expect(lossOf(loss, [1, 2], Int32Array.of(1, 2))).rejects.toMatchObject({ name: 'DTypeError' });
  });
});
