// What is written is read again, however it gets there.
import type { DType, TypedArray } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { createMemory, LocalMemory } from './memory.ts';

const at = 131_072;

/** What is read after writing, with one element of room before and behind. */
function throughMemory(dtype: DType, values: TypedArray): readonly TypedArray[] {
  const memory = new LocalMemory(createMemory());
  memory.reserve(at + 1_000_000);
  const width = dtype === 'f32' || dtype === 'i32' ? 4 : 1;
  memory.write(at, dtype, values);
  return [memory.read(at - width, dtype, 1), memory.read(at, dtype, values.length), memory.read(at + width * values.length, dtype, 1)];
}

describe.each([3, 1023, 1024, 20_003])('%i elements', (count) => {
  it.each<[DType, TypedArray]>([
    ['f32', Float32Array.from({ length: count }, (_, index) => index + 0.5)],
    ['i32', Int32Array.from({ length: count }, (_, index) => 1 - index)],
    ['u8', Uint8Array.from({ length: count }, (_, index) => index)],
    ['bool', Uint8Array.from({ length: count }, (_, index) => index % 2)],
  ])('of %s stay what they are', (dtype, values) => {
    expect(throughMemory(dtype, values)).toEqual([values.slice(0, 1).fill(0), values, values.slice(0, 1).fill(0)]);
  });

  it('of an array within another one stay what they are', () => {
    const values = Float32Array.from({ length: count + 7 }, (_, index) => index).subarray(5, 5 + count);
    expect(throughMemory('f32', values)[1]).toEqual(values.slice());
  });

  it('of another type are converted', () => {
    const values = Float32Array.from({ length: count }, (_, index) => index + 0.5);
    expect(throughMemory('i32', values)[1]).toEqual(Int32Array.from(values));
  });
});

it.each([1, 10_000])('%i elements beyond the end are refused', (count) => {
  const memory = new LocalMemory(createMemory());
  expect(() => memory.write(131_072, 'f32', new Float32Array(count))).toThrow(RangeError);
});
