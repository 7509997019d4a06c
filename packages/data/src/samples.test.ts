// Reading rows: views of nothing, conversions, selections and transforms.
import { ConfigError, DataError, DTypeError, ndarray, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { heldSamples, isSamples, Samples, scaledBytes } from './samples.ts';

const numbers = heldSamples(
  ndarray([
    [1, 2],
    [3, 4],
    [5, 6],
  ]),
);
const bytes = scaledBytes(ndarray(Uint8Array.of(0, 51, 255, 102), { shape: [2, 2] }), 1 / 255);

describe('Samples', () => {
  it('gives a row without its first axis, counted from either end', () => {
    expect(numbers.row(1).toArray()).toEqual([3, 4]);
    expect(numbers.row(-1).toArray()).toEqual([5, 6]);
  });

  it('gives ranges and selections in the order asked for', () => {
    expect(numbers.slice().toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(numbers.slice(1, 2).toArray()).toEqual([[3, 4]]);
    expect(numbers.slice(-2).toArray()).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(numbers.slice(2, 1).shape).toEqual([0, 2]);
    expect(numbers.gather([2, 0, 2]).toArray()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
  });

  it('gives fresh arrays: changing one changes no other', () => {
    numbers.slice(0, 1).data.fill(9);
    numbers.row(0).data.fill(9);
    expect(numbers.row(0).toArray()).toEqual([1, 2]);
  });

  it.each([3, -4, 0.5, Number.NaN])('refuses row %s', (index) => {
    expect(() => numbers.row(index)).toThrow(DataError);
    for (const read of [() => numbers.row(index), () => numbers.gather([0, index]), () => numbers.select([index])]) {
      expect(read).toThrow(`Row ${index} does not exist in 3 samples.`);
    }
  });

  it('refuses a range outside', () => {
    expect(() => numbers.slice(0, 4)).toThrow('Rows 0 to 4 do not exist in 3 samples.');
    expect(() => numbers.slice(-4)).toThrow(DataError);
  });

  it('selects samples from a selection', () => {
    const selected = numbers.select([2, 1, 0]).select([0, 2]);
    expect(selected.shape).toEqual([2, 2]);
    expect(selected.slice().toArray()).toEqual([
      [5, 6],
      [1, 2],
    ]);
  });

  it('says what array it holds, and which rows a selection is of it', () => {
    expect(numbers.held!.array).toBe(numbers.select([2, 1, 0]).held!.array);
    expect(numbers.held!.rows).toBeUndefined();
    expect(numbers.select([2, 1, 0]).select([0, 2]).held!.rows).toEqual(Int32Array.of(2, 0));
    expect(bytes.held!.scale!.reduce((sum, part) => sum + part)).toBeCloseTo(1 / 255, 9);
    expect(numbers.transform((rows) => rows).held).toBeUndefined();
  });

  it('keeps dtype and precision of what it holds', () => {
    expect(heldSamples(ndarray(Int32Array.of(1, 2))).slice().dtype).toBe('i32');
    const precise = heldSamples(ndarray(Float64Array.of(0.1, 0.2)));
    expect(precise.row(0).item()).toBe(0.1);
    expect(
      heldSamples(ndarray([true, false]))
        .slice()
        .toArray(),
    ).toEqual([true, false]);
  });

  it('has rows of scalars', () => {
    expect(heldSamples(ndarray([7, 8])).row(1).shape).toEqual([]);
    expect(() => heldSamples(ndarray(7))).toThrow(ShapeError);
  });

  it('is recognized, and prints as what it is', () => {
    expect(isSamples(bytes)).toBe(true);
    expect([ndarray([1]), null, [1], 3].some(isSamples)).toBe(false);
    expect(String(bytes)).toBe('Samples f32[2, 2]');
  });
});

describe('scaledBytes', () => {
  it('reads bytes as f32 times the scale', () => {
    expect(bytes.dtype).toBe('f32');
    expect(bytes.slice().data).toEqual(Float32Array.of(0, 51 / 255, 1, 102 / 255));
    expect(bytes.gather([1]).toArray()).toEqual([[1, Math.fround(102 / 255)]]);
  });

  it('reads every byte over 255 as the f32 next to the quotient', () => {
    const all = scaledBytes(ndarray(Uint8Array.from({ length: 256 }, (_, byte) => byte)), 1 / 255).slice();
    expect([...all.data]).toEqual(Array.from({ length: 256 }, (_, byte) => Math.fround(byte / 255)));
  });

  it('refuses other dtypes and a scale that is no factor', () => {
    expect(() => scaledBytes(ndarray([1, 2]), 1)).toThrow(DTypeError);
    for (const scale of [0, Number.NaN, Infinity]) expect(() => scaledBytes(ndarray(Uint8Array.of(1)), scale)).toThrow(ConfigError);
  });
});

describe('transform', () => {
  const doubled = numbers.transform((rows) =>
    ndarray(
      rows.data.map((value) => 2 * value),
      { shape: rows.shape },
    ),
  );

  it('passes what is read through the function', () => {
    expect(doubled.row(2).toArray()).toEqual([10, 12]);
    expect(doubled.select([1]).slice().toArray()).toEqual([[6, 8]]);
  });

  it('takes shape and dtype from what the function gives', () => {
    const sums = numbers.transform((rows) =>
      ndarray(Int32Array.from({ length: rows.shape[0]! }, (_, i) => rows.data[2 * i]! + rows.data[2 * i + 1]!)),
    );
    expect({ shape: sums.shape, dtype: sums.dtype }).toEqual({ shape: [3], dtype: 'i32' });
    expect(sums.slice().toArray()).toEqual([3, 7, 11]);
  });

  it('refuses a function that changes the number of rows', () => {
    expect(() => numbers.transform((rows) => rows.reshape([-1]))).toThrow('it got 1 and gave f32[2]');
  });

  it('works on no rows', () => {
    expect(numbers.select([]).transform((rows) => rows).shape).toEqual([0, 2]);
    expect(new Samples({ shape: [0], dtype: 'f32' }, () => ndarray([])).slice().shape).toEqual([0]);
  });
});
