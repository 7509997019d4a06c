// One value everywhere, and only values that float32 can hold.
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { constant, ones, zeros } from './constant.ts';
import { draw } from './testing/sampling.ts';

describe('zeros, ones and constant', () => {
  it('fill every element, with or without fans', () => {
    expect(draw(zeros(), [3])).toEqual(Float32Array.of(0, 0, 0));
    expect(draw(ones(), [1, 2], { fanIn: 1, fanOut: 2 })).toEqual(Float32Array.of(1, 1));
    expect(draw(constant(0.1), [])).toEqual(Float32Array.of(0.1));
    expect(draw(constant(3), [0, 4])).toEqual(new Float32Array(0));
  });

  it('refuse a value that float32 cannot hold', () => {
    for (const value of [Number.NaN, Infinity, 1e39, undefined]) expect(() => constant(value as never)).toThrow(ConfigError);
  });
});
