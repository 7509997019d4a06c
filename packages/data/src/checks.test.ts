// Where the first number that is not finite stands.
import { DataError, ndarray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { checkFinite } from './checks.ts';

describe('checkFinite', () => {
  it('lets finite numbers pass, the largest and smallest included', () => {
    expect(() =>
      checkFinite(
        ndarray([
          [0, -0, 5e-324],
          [3.4e38, -3.4e38, 1],
        ]),
      ),
    ).not.toThrow();
    expect(() => checkFinite(ndarray(Uint8Array.of(255)))).not.toThrow();
  });

  it.each([
    [
      [
        [1, 2],
        [Number.NaN, Infinity],
      ],
      'x holds NaN in row 1, column 0. ',
    ],
    [[1, Infinity], 'x holds Infinity in row 1. '],
    [[[[1], [-Infinity]]], 'x holds -Infinity in row 0, position 1, 0. '],
    [Number.NaN, 'x holds NaN. '],
  ])('names the place in %j', (values, message) => {
    expect(() => checkFinite(ndarray(values))).toThrow(DataError);
    expect(() => checkFinite(ndarray(values))).toThrow(message);
  });
});
