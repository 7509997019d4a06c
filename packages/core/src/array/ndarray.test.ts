// What cannot become an array, and arrays that are asked for in the words of other libraries.
import { expect, it } from 'vitest';
import { ConfigError, DTypeError } from '../errors/errors.ts';
import { ndarray, zeros } from './ndarray.ts';

it('refuses a shape without its name, which would be left out of account', () => {
  // @ts-expect-error as TensorFlow.js takes it
  expect(() => ndarray(new Float32Array(6), [2, 3])).toThrow(/options as an object, not an array\. Its options are shape, dtype/);
  // @ts-expect-error nor is there such an option
  expect(() => ndarray([1, 2], { type: 'i32' })).toThrow(ConfigError);
  expect(ndarray(new Float32Array(6), { shape: [2, -1] }).shape).toEqual([2, 3]);
});

it('refuses a dtype that there is not', () => {
  // @ts-expect-error the name elsewhere
  expect(() => ndarray([1, 2], { dtype: 'float32' })).toThrow(DTypeError);
  // @ts-expect-error the name elsewhere
  expect(() => zeros([2], 'float32')).toThrow(/no dtype float32; there are f32, i32, u8, bool/);
});
