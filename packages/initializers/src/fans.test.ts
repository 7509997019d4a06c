// Connections counted against reference numbers, grouped kernels included.
import { ConfigError, ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { fansOf } from './fans.ts';

describe('fansOf', () => {
  it.each([
    { kernel: [784, 128], fanIn: 784, fanOut: 128 },
    { kernel: [1, 1], fanIn: 1, fanOut: 1 },
    { kernel: [3, 3, 1, 32], fanIn: 9, fanOut: 288 },
    { kernel: [3, 3, 32, 64], fanIn: 288, fanOut: 576 },
    { kernel: [5, 5, 3, 6], fanIn: 75, fanOut: 150 },
    { kernel: [5, 16, 8], fanIn: 80, fanOut: 40 },
  ])('counts $fanIn and $fanOut for the kernel $kernel', ({ kernel, fanIn, fanOut }) => {
    expect(fansOf(kernel)).toEqual({ fanIn, fanOut });
  });

  it('counts only what is connected in grouped and depthwise convolutions', () => {
    expect(fansOf([3, 3, 16, 64], { groups: 2 })).toEqual({ fanIn: 144, fanOut: 288 });
    expect(fansOf([3, 3, 1, 32], { groups: 32 })).toEqual({ fanIn: 9, fanOut: 9 });
  });

  it('refuses what is no kernel, and groups that do not divide it', () => {
    for (const shape of [[], [10]]) expect(() => fansOf(shape)).toThrow(ShapeError);
    expect(() => fansOf([3, 3, 4, 10], { groups: 4 })).toThrow(/10 output channels, which 4 groups do not divide/);
    for (const groups of [0, -1, 1.5]) expect(() => fansOf([2, 2], { groups })).toThrow(ConfigError);
    // @ts-expect-error a kernel would have the fans of one group
    expect(() => fansOf([2, 2], { group: 2 })).toThrow(/Did you mean "groups"/);
  });
});
