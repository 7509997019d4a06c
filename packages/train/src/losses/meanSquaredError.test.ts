// The loss of regression: mean over everything but the batch, and shapes that must not stretch.
import { referenceBackend } from '@nn/backend-reference';
import { run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { meanSquaredError } from './meanSquaredError.ts';

const backend = referenceBackend();
const loss = meanSquaredError();
const apply = loss.apply;

describe('meanSquaredError', () => {
  it('averages the squares of each sample', async () => {
    const result = await run(
      backend,
      apply,
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 4],
        [0, 0],
      ],
    );
    expect(result.toArray()).toEqual([2, 12.5]);
  });

  it('takes samples of any rank', async () => {
    expect((await run(backend, apply, [1, 2], [3, 2])).toArray()).toEqual([4, 0]);
    expect((await run(backend, apply, [[[1], [3]]], [[[1], [1]]])).toArray()).toEqual([2]);
  });

  it('refuses [n] against [n, 1], which would stretch to [n, n], and says how to write it', async () => {
    await expect(run(backend, apply, [[1], [2]], [1, 2])).rejects.toThrow(
      'meanSquaredError: the prediction is f32[2, 1] and the target f32[2]; equal shapes are needed. Give each target its own row',
    );
  });

  it('refuses integer targets', async () => {
    await expect(run(backend, apply, [1, 2], Int32Array.of(1, 2))).rejects.toMatchObject({ name: 'DTypeError' });
  });
});
