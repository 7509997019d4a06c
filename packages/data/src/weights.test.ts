// Weights of rows: they follow their rows through shuffles, parts and regrouped streams, and bad ones are refused with their place.
import { describe, expect, it } from 'vitest';
import type { Batch } from './batching.ts';
import { dataset } from './sources.ts';

const rows = Array.from({ length: 10 }, (_, row) => [row]);
const weights = rows.map(([row]) => row! / 4);
const given = { x: rows, y: rows.map(() => 0), weights };

async function follow(batches: Iterable<Batch> | AsyncIterable<Batch>): Promise<[row: number, weight: number][]> {
  const found: [number, number][] = [];
  for await (const batch of batches) batch.x.data.forEach((row, index) => found.push([row, batch.weights!.data[index]!]));
  return found;
}

const belongTogether = (pairs: readonly [number, number][]): boolean => pairs.every(([row, weight]) => weight === row / 4);

describe('weights', () => {
  it('follow their rows', async () => {
    const source = dataset({ ...given, classes: 1 });
    const shuffled = await follow(source.batches({ batchSize: 3, shuffle: true, seed: 2 }));
    expect(shuffled).toHaveLength(10);
    expect(belongTogether(shuffled)).toBe(true);
    expect(shuffled.map(([row]) => row)).not.toEqual(rows.flat());
    for (const part of [source.subset([7, 2]), ...source.split(0.3, { seed: 1 }), source.transform((x) => x)]) {
      expect(belongTogether(await follow(part.batches()))).toBe(true);
    }
  });

  it('go through a stream that is cut anew', async () => {
    const stream = dataset(function* () {
      for (const [from, to] of [
        [0, 4],
        [4, 9],
        [9, 10],
      ] as const)
        yield { x: rows.slice(from, to), y: rows.slice(from, to), weights: weights.slice(from, to) };
    });
    const cut = await follow(stream.batches({ batchSize: 3, lastBatch: 'merge' }));
    expect(cut).toEqual(rows.map(([row]) => [row!, row! / 4]));
  });

  it('are absent where none are given', () => {
    const [batch] = dataset({ x: rows, y: rows }).batches();
    expect(batch).not.toHaveProperty('weights');
  });

  it.each([
    [[1, 2], 'there are 2 weights'],
    [rows, 'one number per row is needed'],
    [weights.map((weight, row) => (row === 3 ? -1 : weight)), 'weights holds -1 for row 3'],
    [weights.map((weight, row) => (row === 9 ? NaN : weight)), 'weights holds NaN for row 9'],
  ])('are refused when they are no weights of the rows: %#', (wrong, message) => {
    expect(() => dataset({ ...given, weights: wrong })).toThrow(message);
  });

  it('of a stream are checked batch by batch', async () => {
    const some = dataset([{ ...given }, { x: rows, y: given.y }]);
    await expect(follow(some.batches())).rejects.toThrow('Batch 1 of the stream has no weights, unlike the first');
    const short = dataset([{ ...given, weights: [1] }]);
    await expect(follow(short.batches())).rejects.toThrow('has 10 rows and 1 weights');
  });
});
