// Data that arrives in batches: order, regrouping, second passes and what a stream may not do.
import type { NdArray } from '@nn/core';
import { DataError } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, LastBatch } from './batching.ts';
import { batchPlan } from './batching.ts';
import { dataset } from './sources.ts';
import type { BatchLike } from './stream.ts';

async function collect(batches: AsyncIterable<Batch> | Iterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const rowsOf = (batches: readonly Batch[], pick: (batch: Batch) => NdArray): number[] => batches.flatMap((batch) => [...pick(batch).data]);

/** Batches of the given sizes whose rows are numbered from 0. */
function* numbered(sizes: readonly number[]): Generator<BatchLike> {
  let row = 0;
  for (const size of sizes) {
    const x = Array.from({ length: size }, () => row++);
    yield { x: x.map((value) => [value]), y: Int32Array.from(x) };
  }
}

async function* asynchronous(sizes: readonly number[]): AsyncGenerator<BatchLike> {
  yield* numbered(sizes);
}

describe('dataset(stream)', () => {
  it.each([
    ['a generator function', () => numbered([2, 1])],
    ['an async generator function', () => asynchronous([2, 1])],
    ['an async iterable', asynchronous([2, 1])],
    ['an iterable', [...numbered([2, 1])]],
  ])('takes %s and gives its batches as they come', async (_, source) => {
    const batches = await collect(dataset(source).batches());
    expect(batches.map(({ x, y }) => [x.shape, y.dtype])).toEqual([
      [[2, 1], 'i32'],
      [[1, 1], 'i32'],
    ]);
    expect(rowsOf(batches, ({ x }) => x)).toEqual([0, 1, 2]);
  });

  it('takes tensors of another library in a batch', async () => {
    const foreign = (values: Float32Array | Int32Array, dtype: string) => ({ shape: [values.length], dtype, data: async () => values });
    const source = async function* () {
      yield { x: foreign(new Float32Array([1, 2]), 'float32'), y: foreign(new Int32Array([3, 4]), 'int32'), weights: [1, 0] };
    };
    const [batch] = await collect(dataset(source).batches());
    expect([batch!.x, batch!.y, batch!.weights].map(String)).toEqual(['f32[2] [1, 2]', 'i32[2] [3, 4]', 'f32[2] [1, 0]']);
  });

  it('tells a generator function which epoch begins', async () => {
    const seen: unknown[] = [];
    const data = dataset((epoch) => {
      seen.push(epoch);
      return numbered([1]);
    });
    await collect(data.batches({ seed: 5, epoch: 2 }));
    expect(seen).toEqual([{ seed: 5, epoch: 2 }]);
  });

  it('goes through functions and arrays again, and says why a generator cannot be', async () => {
    for (const data of [dataset(() => asynchronous([3])), dataset([...numbered([3])])]) {
      expect(await collect(data.batches())).toEqual(await collect(data.batches()));
    }
    const once = dataset(asynchronous([3]));
    await collect(once.batches());
    await expect(collect(once.batches())).rejects.toThrow('Give the generator function itself');
  });

  it('regroups rows as batchPlan says, in order, x beside its y', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom<LastBatch>('keep', 'drop', 'merge'),
        fc.nat(4),
        async (sizes, batchSize, lastBatch, start) => {
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const all = await collect(dataset(() => asynchronous(sizes)).batches({ batchSize, lastBatch }));
          expect(all.map(({ x }) => x.shape[0])).toEqual(batchPlan(total, batchSize, lastBatch));
          const rows = rowsOf(all, ({ y }) => y);
          expect(rows).toEqual(Array.from({ length: rows.length }, (_, row) => row));
          expect(rowsOf(all, ({ x }) => x)).toEqual(rows);
          const rest = await collect(dataset(() => asynchronous(sizes)).batches({ batchSize, lastBatch, start }));
          expect(rest).toEqual(all.slice(start));
        },
      ),
    );
  });

  it('asks for no more batches than it needs, and closes the source when reading stops', async () => {
    let given = 0;
    let closed = false;
    const data = dataset(async function* () {
      try {
        for (;;) {
          given += 1;
          yield { x: [[1]], y: [1] };
        }
      } finally {
        closed = true;
      }
    });
    for await (const batch of data.batches({ batchSize: 3 })) {
      expect(batch.x.shape).toEqual([3, 1]);
      break;
    }
    expect({ given, closed }).toEqual({ given: 3, closed: true });
  });

  it.each<[string, unknown, string]>([
    ['no object', 7, 'Batch 1 of the stream is no { x, y }.'],
    ['no y', { x: [[1]] }, 'Batch 1 of the stream is no { x, y }.'],
    ['different rows', { x: [[1], [2]], y: [1] }, 'x f32[2, 1] and y f32[1]'],
    ['no rows', { x: [], y: [] }, 'Batch 1 of the stream is empty'],
    ['scalars', { x: 1, y: 1 }, 'x f32[] and y f32[]'],
    ['a NaN', { x: [[1], [Number.NaN]], y: [1, 2] }, 'Batch 1 of the stream: x holds NaN in row 1, column 0'],
    ['samples of another shape', { x: [[1, 2]], y: [1] }, 'x of batch 1 is f32[1, 2], but the first batch has f32[1, 1]'],
    ['targets of another dtype', { x: [[1]], y: Int32Array.of(1) }, 'y of batch 1 is i32[1], but the first batch has f32[1]'],
  ])('refuses a batch with %s, naming it', async (_, bad, message) => {
    const data = dataset([{ x: [[1]], y: [1] }, bad as BatchLike]);
    await expect(collect(data.batches())).rejects.toThrow(DataError);
    await expect(collect(data.batches({ batchSize: 4 }))).rejects.toThrow(message);
  });

  it('passes on what the source throws', async () => {
    const data = dataset(() => {
      throw new RangeError('disk gone');
    });
    await expect(collect(data.batches())).rejects.toThrow(RangeError);
  });

  it('lets a source of your own through', () => {
    const own = { size: 1, batches: () => [] };
    expect(dataset(own)).toBe(own);
  });
});
