// Augmentation of data sets, streams and sources of one's own: every sample has its number, whatever batch it comes in.
import type { NdArray } from '@nn/core';
import { NdArray as HostArray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import type { Batch, BatchOptions, BatchSource } from '../batching.ts';
import { dataset } from '../sources.ts';
import type { Augmentation } from './augment.ts';
import { augmented } from './augmented.ts';

/** Writes the number of the sample, the epoch and the seed in place of the sample. */
const numbering: Augmentation = {
  kind: 'numbering',
  options: {},
  apply: (rows, { seed, epoch, samples }) =>
    new HostArray(
      Float32Array.from({ length: rows.size }, (_, index) => [samples[Math.floor(index / 3)]!, epoch, seed][index % 3]!),
      rows.shape,
      'f32',
    ),
};

const rows = Array.from({ length: 10 }, (_, row) => [row, row, row]);
const labels = rows.map(([row]) => row!);

async function samplesOf(source: BatchSource, options: BatchOptions): Promise<{ x: number[][]; y: number[] }> {
  const found = { x: [] as number[][], y: [] as number[] };
  const add = ({ x, y }: { x: NdArray; y: NdArray }): void => {
    found.x.push(...(x.toArray() as number[][]));
    found.y.push(...(y.toArray() as number[]));
  };
  for await (const batch of source.batches(options) as AsyncIterable<Batch>) add(batch);
  return found;
}

describe('augmented', () => {
  it.each([1, 3, 10])('numbers the samples of data in memory, shuffled, in batches of %d', async (batchSize) => {
    const source = augmented(dataset({ x: rows, y: labels }), numbering);
    const { x, y } = await samplesOf(source, { batchSize, shuffle: true, seed: 7, epoch: 2 });
    expect(x).toEqual(y.map((label) => [label, 2, 7]));
    expect(y.toSorted((a, b) => a - b)).toEqual(labels);
  });

  it('leaves x itself, and follows subsets and checked labels', async () => {
    const source = dataset({ x: rows, y: labels }).augmented(numbering);
    expect(source.x.slice().toArray()).toEqual(rows);
    expect((await samplesOf(source.take(2), {})).x).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    const checked = source.classified(10);
    expect(checked.classes).toBe(10);
    expect((await samplesOf(checked.take(1), { seed: 3 })).x).toEqual([[0, 0, 3]]);
  });

  it.each([0, 1, 2])('numbers the samples of a stream by their place, also when %d batches are left out', async (start) => {
    const stream = dataset(function* () {
      yield { x: rows.slice(0, 4), y: labels.slice(0, 4) };
      yield { x: rows.slice(4), y: labels.slice(4) };
    });
    const { x, y } = await samplesOf(augmented(stream, numbering), { batchSize: 3, start, epoch: 1 });
    expect(y).toEqual(labels.slice(3 * start));
    expect(x).toEqual(y.map((label) => [label, 1, 0]));
  });

  it('keeps what a source says of itself', () => {
    const own: BatchSource = { size: 4, classes: 2, batches: () => [] };
    expect(augmented(own, numbering)).toMatchObject({ size: 4, classes: 2 });
  });
});
