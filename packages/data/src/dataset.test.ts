// Data sets from arrays: what is taken, what is refused, and parts of them.
import { ConfigError, DataError, DTypeError, ndarray, ShapeError } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { dataset } from './sources.ts';

const five = (): Dataset => dataset({ x: [[0], [1], [2], [3], [4]], y: Int32Array.of(0, 1, 2, 3, 4) });
const ys = (data: Dataset): number[] => [...data.y.slice().data];

describe('dataset({ x, y })', () => {
  it('takes nested arrays, typed arrays with a shape and NdArrays', () => {
    const nested = dataset({
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [0, 1],
    });
    const typed = dataset({ x: Float32Array.of(1, 2, 3, 4), shape: [-1, 2], y: Float32Array.of(0, 1) });
    const arrays = dataset({
      x: ndarray([
        [1, 2],
        [3, 4],
      ]),
      y: ndarray([0, 1]),
    });
    for (const data of [nested, typed, arrays]) {
      expect([...data.batches()]).toEqual([
        {
          x: ndarray([
            [1, 2],
            [3, 4],
          ]),
          y: ndarray([0, 1]),
        },
      ]);
    }
  });

  it('keeps bytes as bytes, read as they are or scaled', () => {
    const x = Uint8Array.of(0, 255);
    expect(dataset({ x, y: [0, 1] }).x.row(1).dtype).toBe('u8');
    expect(dataset({ x, y: [0, 1], scale: 1 / 255 }).x.slice().data).toEqual(Float32Array.of(0, 1));
    expect(() => dataset({ x: [[1]], y: [0], scale: 1 / 255 })).toThrow(DTypeError);
  });

  it('makes class indices of labels when told how many classes there are', () => {
    const data = dataset({ x: [[1], [2]], y: [1, 0], classes: 2 });
    expect(data.classes).toBe(2);
    expect(data.y.slice()).toEqual(ndarray(Int32Array.of(1, 0)));
    expect(dataset({ x: [[1], [2]], y: [1, 0] }).y.dtype).toBe('f32');
    expect(() => dataset({ x: [[1], [2]], y: [1, 2], classes: 2 })).toThrow('Label 1 is 2, but there are 2 classes');
  });

  it('takes samples of another data set', () => {
    const { x, y } = five();
    expect(dataset({ x, y }).x).toBe(x);
    expect(() => dataset({ x, y, scale: 2 })).toThrow(ConfigError);
  });

  it('returns a data set as it is', () => {
    const data = five();
    expect(dataset(data)).toBe(data);
  });

  it('refuses different numbers of rows', () => {
    expect(() => dataset({ x: [[1], [2]], y: [0] })).toThrow(DataError);
    expect(() => dataset({ x: [[1], [2]], y: [0] })).toThrow('x has 2 rows (f32[2, 1]) and y has 1 (f32[1])');
  });

  it('refuses a NaN or an infinity, naming where, unless told not to look', () => {
    expect(() =>
      dataset({
        x: [
          [1, 2],
          [3, Number.NaN],
        ],
        y: [0, 1],
      }),
    ).toThrow('x holds NaN in row 1, column 1');
    expect(() => dataset({ x: [1, 2], y: [0, -Infinity] })).toThrow('y holds -Infinity in row 1.');
    expect(() => dataset({ x: Float32Array.of(1, 2, 3, Number.NaN), shape: [2, 2], y: [0, 1] })).toThrow('row 1, column 1');
    expect(dataset({ x: [Number.NaN], y: [0], allowNonFinite: true }).size).toBe(1);
  });

  it('refuses what is no array of rows', () => {
    expect(() => dataset({ x: 1, y: 2 })).toThrow(ShapeError);
    expect(() => dataset({ x: [[1], [2, 3]], y: [0, 1] })).toThrow(ShapeError);
    // @ts-expect-error: text is no number
    expect(() => dataset({ x: [['1']], y: [0] })).toThrow(DTypeError);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
    [{}, 'an empty object'],
    [{ x: [[1]] }, 'an object with x'],
    [{ images: [], labels: [] }, 'an object with images, labels'],
  ])('refuses %j, saying what is taken', (source, text) => {
    // @ts-expect-error: none of these compiles
    expect(() => dataset(source)).toThrow(`from { x, y } or from batches, not from ${text}.`);
  });

  it('has no batch when it has no rows', () => {
    expect([...dataset({ x: [], y: [] }).batches()]).toEqual([]);
    expect([...five().take(0).batches({ shuffle: true })]).toEqual([]);
  });

  it('prints its size and what its rows are', () => {
    expect(String(five())).toBe('Dataset of 5 rows: x f32[5, 1], y i32[5]');
  });
});

describe('rowsOfBatches', () => {
  it('says which rows the batches have', () => {
    const data = five();
    const options = { batchSize: 2, shuffle: true, seed: 3, epoch: 1, start: 1 } as const;
    const rows = [...data.rowsOfBatches(options)];
    expect(rows.map(({ length }) => length)).toEqual([2, 1]);
    expect(rows.map((some) => data.x.gather(some))).toEqual([...data.batches(options)].map(({ x }) => x));
    expect(() => data.rowsOfBatches({ batchSize: 0 })).toThrow(ConfigError);
  });
});

describe('parts of a data set', () => {
  it('take the first rows, all when there are fewer', () => {
    expect(ys(five().take(2))).toEqual([0, 1]);
    expect(five().take(9).size).toBe(5);
    for (const count of [-1, 0.5, Number.NaN]) expect(() => five().take(count)).toThrow(ConfigError);
  });

  it('take chosen rows and keep the number of classes', () => {
    const data = dataset({ x: [[0], [1], [2]], y: [0, 1, 1], classes: 2 }).subset([2, 0]);
    expect(ys(data)).toEqual([1, 0]);
    expect(data.classes).toBe(2);
    expect(() => five().subset([5])).toThrow(DataError);
  });

  it.each<[string, () => unknown, string]>([
    ['rows by a number', () => five().subset(3 as never), 'subset takes a list of row numbers, not 3'],
    ['samples by a number', () => five().x.gather(3 as never), 'chosen by a list of row numbers, not by 3'],
    ['a transform that is none', () => five().transform(null as never), 'transform takes a function of rows, not null'],
    ['a transform that gives a number', () => five().transform((() => 1) as never), 'gives an array of as many rows as it got, not 1'],
    ['an augmentation that is none', () => five().augmented([] as never), 'augmented: augmentation is an array'],
    ['a flag that is none', () => dataset({ x: [[1]], y: [1], allowNonFinite: 'yes' as never }), "allowNonFinite is 'yes'"],
    ['a flag of a stream that is none', () => dataset(() => [], { allowNonFinite: 1 as never }), 'allowNonFinite is 1'],
  ])('refuse %s', (_, take, message) => {
    expect(take).toThrow(
      expect.objectContaining({ name: expect.stringMatching(/^(Config|Data)Error$/), message: expect.stringContaining(message) }),
    );
  });

  it('split at a number of rows or a fraction, in order or drawn by a seed', () => {
    expect(five().split(2).map(ys)).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(five().split(0.6).map(ys)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(five().split(2, { seed: 1 }).map(ys)).toEqual(five().split(2, { seed: 1 }).map(ys));
    for (const size of [-1, 6, 1.5, Number.NaN]) expect(() => five().split(size)).toThrow(ConfigError);
    for (const seed of [-1, 0.5, null]) expect(() => five().split(2, { seed: seed as number })).toThrow(ConfigError);
    // @ts-expect-error as others shuffle: without a seed the rows would stay in order
    expect(() => five().split(2, { shuffle: true })).toThrow('split has no option "shuffle". Give a seed');
  });

  it('split into parts that share no row and lose none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.option(fc.nat()),
        (size, fraction, seed) => {
          const rows = Int32Array.from({ length: size }, (_, row) => row);
          const parts = dataset({ x: rows, y: rows }).split(fraction, seed === null ? {} : { seed });
          expect(parts[0].size).toBe(Math.round(fraction * size));
          expect(parts.flatMap(ys).toSorted((a, b) => a - b)).toEqual([...rows]);
        },
      ),
    );
  });

  it('transform the samples and leave the targets', () => {
    const data = five().transform((x) =>
      ndarray(
        x.data.map((value) => -value),
        { shape: x.shape },
      ),
    );
    expect(data.take(3).x.slice().toArray()).toEqual([[-0], [-1], [-2]]);
    expect(ys(data)).toEqual([0, 1, 2, 3, 4]);
  });
});
