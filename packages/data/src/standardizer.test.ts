// Standardization against formulas, where single precision and naive variance fail, and where nothing varies.
import { ConfigError, DataError, ndarray, ShapeError } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataset } from './sources.ts';
import { standardization, standardizer } from './standardizer.ts';

const column = (values: readonly number[]) => ndarray(values.map((value) => [value]));

describe('standardizer', () => {
  it('takes mean and biased deviation of every feature', () => {
    const { mean, deviation, transform } = standardizer().fit([
      [1, 10],
      [3, 30],
    ]);
    expect(mean.toArray()).toEqual([2, 20]);
    expect(deviation.toArray()).toEqual([1, 10]);
    expect(
      transform([
        [1, 10],
        [3, 30],
        [2, 40],
      ]).toArray(),
    ).toEqual([
      [-1, -1],
      [1, 1],
      [0, 2],
    ]);
  });

  it('keeps its digits at mean 1e6 and deviation 1', () => {
    const values = Float32Array.from({ length: 4096 }, (_, i) => 1e6 + Math.sin(i) * Math.SQRT2);
    const exact = [...values];
    const mean = exact.reduce((sum, value) => sum + (value - 1e6), 0) / exact.length;
    const variance = exact.reduce((sum, value) => sum + (value - 1e6 - mean) ** 2, 0) / exact.length;
    const fitted = standardizer().fit(ndarray(values, { shape: [-1, 1] }));
    expect(fitted.mean.item() - 1e6).toBeCloseTo(mean, 9);
    expect(fitted.deviation.item()).toBeCloseTo(Math.sqrt(variance), 12);
    const z = fitted.transform(ndarray(values, { shape: [-1, 1] }));
    values.forEach((value, i) => expect(z.data[i]).toBe(Math.fround((value - fitted.mean.item()) / fitted.deviation.item())));
  });

  it.each([0, 0.1, 1e6 + 0.1, -3e38, 1e-40])('keeps deviation 1 for a feature that is constantly %s', (value) => {
    const { mean, deviation, transform } = standardizer().fit(column(new Array<number>(1001).fill(value)));
    expect(mean.item()).toBe(Math.fround(value));
    expect(deviation.item()).toBe(1);
    expect(transform([[value]]).item()).toBe(0);
  });

  it('finds a constant constant that float64 cannot sum exactly', () => {
    const { mean, deviation } = standardizer().fit(new Float64Array(1001).fill(0.1));
    expect([mean.item(), deviation.item()]).toEqual([0.1, 1]);
  });

  it('gives rows of mean 0 and deviation 1, and back', () => {
    const numbers = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 2, maxLength: 50 }), (rows) => {
        const fitted = standardizer().fit(rows);
        const again = standardizer().fit(fitted.transform(rows));
        again.mean.data.forEach((mean) => expect(mean).toBeCloseTo(0, 5));
        again.deviation.data.forEach((deviation) => expect(deviation).toBeCloseTo(1, 5));
        const back = fitted.inverse(fitted.transform(rows)).data;
        rows.flat().forEach((value, i) => expect(back[i]).toBeCloseTo(value, 2));
      }),
    );
  });

  it('shares statistics along the axes given', () => {
    const images = ndarray(Float32Array.of(1, 10, 3, 30, 5, 50, 7, 70), { shape: [2, 2, 1, 2] });
    const channels = standardizer({ axes: [0, 1, 2] }).fit(images);
    expect(channels.mean.shape).toEqual([1, 1, 2]);
    expect(channels.mean.toArray()).toEqual([[[4, 40]]]);
    expect(channels.transform(images).shape).toEqual([2, 2, 1, 2]);
    const all = standardizer({ axes: [0, -1, 1, 2] }).fit(images);
    expect(all.mean.toArray()).toEqual([[[22]]]);
    expect(() => standardizer({ axes: [1] }).fit(images)).toThrow(ConfigError);
    expect(() => standardizer({ axes: -1 as never }).fit(images)).toThrow(ConfigError);
    expect(() => standardizer({ axes: [0, 4] }).fit(images)).toThrow(ShapeError);
  });

  it('takes one sample or many, and no other shape', () => {
    const { transform } = standardizer().fit([
      [1, 10],
      [3, 30],
    ]);
    expect(transform([3, 10]).toArray()).toEqual([1, -1]);
    expect(transform(ndarray(Float32Array.of(), { shape: [0, 2] })).shape).toEqual([0, 2]);
    for (const wrong of [[1, 2, 3], [[[1, 2]]], 4]) expect(() => transform(wrong)).toThrow(ShapeError);
  });

  it('reads the samples of a data set and transforms it without this', () => {
    const data = dataset({ x: Uint8Array.of(0, 255, 0, 51), shape: [2, 2], y: [0, 1], scale: 1 / 255 });
    const standardized = data.transform(standardizer().fit(data.x).transform);
    expect(standardized.x.slice().toArray()).toEqual([
      [0, 1],
      [0, -1],
    ]);
  });

  it('reads more rows than it holds at once', () => {
    const rows = Float32Array.from({ length: 5000 }, (_, i) => i);
    const { mean, deviation } = standardizer().fit(rows);
    expect(mean.item()).toBe(2499.5);
    expect(deviation.item()).toBeCloseTo(Math.sqrt((5000 ** 2 - 1) / 12), 9);
  });

  it('refuses no rows and numbers that are not finite, naming the row', () => {
    expect(() => standardizer().fit(ndarray(new Float32Array(0), { shape: [0, 2] }))).toThrow(DataError);
    const rows = new Float32Array(3000);
    rows[2100] = Number.NaN;
    expect(() => standardizer().fit(ndarray(rows, { shape: [-1, 2] }))).toThrow('standardizer: x holds NaN in row 1050, column 0');
  });
});

describe('standardization', () => {
  it('works from known numbers', () => {
    const { transform, inverse } = standardization([0.5], [0.25]);
    expect(transform([[1, 0.5]]).toArray()).toEqual([[2, 0]]);
    expect(inverse([2]).toArray()).toEqual([1]);
  });

  it('lets NaN through: a missing value stays one', () => {
    expect(standardization([0], [1]).transform([Number.NaN]).data[0]).toBeNaN();
  });

  it('refuses numbers that standardize nothing', () => {
    expect(() => standardization([0, 0], [1])).toThrow(ShapeError);
    for (const deviation of [0, -1, Number.NaN, Infinity]) expect(() => standardization([0], [deviation])).toThrow(ConfigError);
    expect(() => standardization([Number.NaN], [1])).toThrow(ConfigError);
  });
});
