// The rules by which rows become batches, as properties over sizes, batch sizes, seeds and epochs.
import type { NdArray } from '@nn/core';
import { ConfigError, ndarray } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchOptions, LastBatch } from './batching.ts';
import { batchPlan, epochOrder } from './batching.ts';
import { Dataset } from './dataset.ts';
import { heldSamples } from './samples.ts';

const sizes = fc.integer({ min: 0, max: 200 });
const batchSizes = fc.integer({ min: 1, max: 50 });
const rules = fc.constantFrom<LastBatch>('keep', 'drop', 'merge');
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const epochs = fc.integer({ min: 0, max: 1000 });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A data set whose row number is its x and ten times it its y. */
const numbered = (size: number): Dataset => {
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  return new Dataset(heldSamples(ndarray(rows)), heldSamples(ndarray(rows.map((row) => 10 * row))));
};

const valuesOf = (arrays: readonly NdArray[]): number[] => arrays.flatMap(({ data }) => Array.from(data));
const rowsSeen = (data: Dataset, options: BatchOptions): number[] => valuesOf(Array.from(data.batches(options), ({ x }) => x));
const orderText = (seed: number, epoch: number): string => epochOrder(100, { shuffle: true, seed, epoch }).join();

describe('batchPlan', () => {
  it('cuts with every rule as it says', () => {
    expect(batchPlan(10, 4, 'keep')).toEqual([4, 4, 2]);
    expect(batchPlan(10, 4, 'drop')).toEqual([4, 4]);
    expect(batchPlan(10, 4, 'merge')).toEqual([4, 6]);
    expect(batchPlan(8, 4, 'merge')).toEqual([4, 4]);
    expect(batchPlan(60_000, 128)).toHaveLength(469);
  });

  it.each(['keep', 'drop', 'merge'] as const)('gives one short batch for less than a batch, none for no rows (%s)', (rule) => {
    expect(batchPlan(3, 4, rule)).toEqual([3]);
    expect(batchPlan(0, 4, rule)).toEqual([]);
  });

  it('has at most two sizes, all but the last the batch size, and loses rows only to "drop"', () => {
    fc.assert(
      fc.property(sizes, batchSizes, rules, (size, batchSize, rule) => {
        const plan = batchPlan(size, batchSize, rule);
        expect(plan.slice(0, -1).every((rows) => rows === batchSize)).toBe(true);
        expect(plan.every((rows) => rows > 0 && rows < 2 * batchSize)).toBe(true);
        const dropped = size - sum(plan);
        expect(dropped).toBe(rule === 'drop' && size > batchSize ? size % batchSize : 0);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses the batch size %s', (batchSize) => {
    expect(() => batchPlan(10, batchSize)).toThrow(ConfigError);
  });

  it('names the rule that was probably meant', () => {
    // @ts-expect-error: a misspelled rule does not compile; from JavaScript it is an error.
    expect(() => batchPlan(10, 4, 'kep')).toThrow(`lastBatch is 'kep'; it is 'keep' or 'drop' or 'merge'. Did you mean "keep"?`);
  });
});

describe('epochOrder', () => {
  it('is the order of the rows without shuffling', () => {
    expect([...epochOrder(4, { shuffle: false, seed: 1, epoch: 2 })]).toEqual([0, 1, 2, 3]);
  });

  // A trained model must be trainable again: these bits are promised.
  it('never changes for a seed and an epoch', () => {
    expect(epochOrder(10, { shuffle: true, seed: 0, epoch: 0 }).join(' ')).toBe('6 8 2 5 3 0 9 1 7 4');
    expect(epochOrder(10, { shuffle: true, seed: 7, epoch: 3 }).join(' ')).toBe('7 9 5 4 3 6 0 1 8 2');
  });

  it('differs between epochs and between seeds', () => {
    expect(new Set([orderText(0, 0), orderText(0, 1), orderText(1, 0), orderText(1, 1)]).size).toBe(4);
  });
});

describe('batches', () => {
  it('show every row once, in batches of the planned sizes, x beside its y', () => {
    fc.assert(
      fc.property(
        sizes,
        batchSizes,
        fc.constantFrom<LastBatch>('keep', 'merge'),
        seeds,
        epochs,
        (size, batchSize, lastBatch, seed, epoch) => {
          const batches = [...numbered(size).batches({ batchSize, lastBatch, shuffle: true, seed, epoch })];
          expect(batches.map(({ x }) => x.shape[0])).toEqual(batchPlan(size, batchSize, lastBatch));
          const rows = valuesOf(batches.map(({ x }) => x));
          expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, row) => row));
          expect(valuesOf(batches.map(({ y }) => y))).toEqual(rows.map((row) => 10 * row));
        },
      ),
    );
  });

  it('show the rows in an order that depends on seed and epoch and not on the batch size', () => {
    fc.assert(
      fc.property(sizes, batchSizes, batchSizes, seeds, epochs, (size, one, other, seed, epoch) => {
        const data = numbered(size);
        const order = rowsSeen(data, { batchSize: one, shuffle: true, seed, epoch });
        expect(rowsSeen(data, { batchSize: other, shuffle: true, seed, epoch })).toEqual(order);
        expect(rowsSeen(data, { batchSize: one, shuffle: true, seed, epoch, lastBatch: 'merge' })).toEqual(order);
      }),
    );
  });

  it('go on in the middle of an epoch as if they had not stopped', () => {
    fc.assert(
      fc.property(sizes, batchSizes, rules, seeds, fc.nat(30), (size, batchSize, lastBatch, seed, start) => {
        const all = [...numbered(size).batches({ batchSize, lastBatch, shuffle: true, seed })];
        expect([...numbered(size).batches({ batchSize, lastBatch, shuffle: true, seed, start })]).toEqual(all.slice(start));
      }),
    );
  });

  it('can be gone through again and give equal, separate arrays', () => {
    const batches = numbered(5).batches({ batchSize: 2, shuffle: true, seed: 3 });
    const first = [...batches];
    const second = [...batches];
    expect(second).toEqual(first);
    first[0]!.x.data.fill(-1);
    expect(second[0]!.x.data).not.toContain(-1);
  });

  it.each([
    ['batchSize', { batchSize: 0 }],
    ['seed', { seed: -1 }],
    ['epoch', { epoch: 0.5 }],
    ['start', { start: -1 }],
    ['lastBatch', { lastBatch: 'pad' as LastBatch }],
  ])('refuse a %s out of range, before the first batch', (name, options) => {
    expect(() => numbered(3).batches(options)).toThrow(ConfigError);
    expect(() => numbered(3).batches(options)).toThrow(new RegExp(name, 'i'));
  });
});
