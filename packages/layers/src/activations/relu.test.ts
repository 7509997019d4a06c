// relu: its points, and the uses a user tries first.
import { ConfigError, TraceError, run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Layer, NdArray, Tensor } from '@nn/core';
import { relu } from './relu.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it('has the values and derivatives of its formula', async () => {
  expect(
    await activationErrors(relu, {}, [
      [-Infinity, 0, 0],
      [-2, 0, 0],
      [-0, 0, 0],
      [0, 0, 0],
      [1e-300, 1e-300, 1],
      [3, 3, 1],
      [Infinity, Infinity, 1],
    ]),
  ).toEqual([]);
});

describe('relu as a function', () => {
  it('runs on nested numbers', async () => {
    const result = await run(referenceBackend(), relu, [-1, 0, 2]);
    expectTypeOf(result).toEqualTypeOf<NdArray>();
    expect(result.toArray()).toEqual([0, 0, 2]);
  });

  it('refuses host arrays, at compile time and at run time', () => {
    // @ts-expect-error a host array is no tensor
    expect(() => relu([-1, 0, 2])).toThrow(TraceError);
    // @ts-expect-error a host array is no tensor
    expect(() => relu(new Float32Array(2))).toThrow(/run\(backend, relu, array\)/);
  });

  it('refuses options it does not have', () => {
    // @ts-expect-error relu has no options
    expect(() => relu({ slope: 0.1 })).toThrow(ConfigError);
    expect(() => relu(0.1 as never)).toThrow(/takes its options as an object, not 0.1/);
  });

  it('is typed by its use', () => {
    expectTypeOf(relu()).toEqualTypeOf<Layer>();
    expectTypeOf<ReturnType<typeof relu>>().toEqualTypeOf<Tensor>();
  });
});
