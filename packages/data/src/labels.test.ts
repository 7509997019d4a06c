// Labels a loss cannot use must be refused with their index: on a device they would pick a wrong element.
import { ConfigError, DataError, ndarray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { checkLabels, oneHot } from './labels.ts';

describe('checkLabels', () => {
  it('gives i32, the same array when it is one', () => {
    const labels = ndarray(Int32Array.of(2, 0));
    expect(checkLabels(labels, 3)).toBe(labels);
    for (const other of [ndarray([2, 0]), ndarray(Uint8Array.of(2, 0))]) expect(checkLabels(other, 3)).toEqual(labels);
    expect(checkLabels(ndarray([]), 3).shape).toEqual([0]);
  });

  it.each([
    [[0, -1], 'Label 1 is -1, but there are 3 classes: labels go from 0 to 2.'],
    [[0, 3], 'Label 1 is 3, but there are 3 classes: labels go from 0 to 2. Labels that count from 1 need 1 subtracted.'],
    [[0.5, 1], 'Label 0 is 0.5; a class index is a whole number from 0 to 2.'],
    [[1, Number.NaN], 'Label 1 is NaN'],
    [[2 ** 24 + 2], 'Label 0 is 16777218'],
  ])('refuses %j', (labels, message) => {
    expect(() => checkLabels(ndarray(labels), 3)).toThrow(DataError);
    expect(() => checkLabels(ndarray(labels), 3)).toThrow(message);
  });

  it('says what one score for two classes is judged by', () => {
    expect(() => checkLabels(ndarray([0, 1]), 1)).toThrow('Label 1 is 1, but there is one class, which all labels of 0 are of. One score');
  });

  it('refuses one-hot rows and columns where indices are wanted', () => {
    expect(() => checkLabels(ndarray([[0, 0, 1]]), 3)).toThrow('one-hot rows');
    expect(() => checkLabels(ndarray([[1], [2]]), 3)).toThrow('labels.reshape([-1])');
    expect(() => checkLabels(ndarray(1), 3)).toThrow(DataError);
  });

  it.each([0, -1, 2.5, Number.NaN])('refuses %s classes', (classes) => {
    expect(() => checkLabels(ndarray([0]), classes)).toThrow(ConfigError);
  });
});

describe('oneHot', () => {
  it('takes lists as well', () => {
    expect(oneHot([1, 0], 2).toArray()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(() => oneHot([2], 2)).toThrow(DataError);
  });

  it('puts a 1 in the column of the class', () => {
    expect(oneHot(ndarray(Int32Array.of(2, 0)), 3)).toEqual(
      ndarray([
        [0, 0, 1],
        [1, 0, 0],
      ]),
    );
    expect(oneHot(ndarray([0, 0]), 1).toArray()).toEqual([[1], [1]]);
    expect(oneHot(ndarray([]), 3).shape).toEqual([0, 3]);
  });

  it('refuses labels out of range', () => {
    expect(() => oneHot(ndarray([3]), 3)).toThrow(DataError);
  });
});
