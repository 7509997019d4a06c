// dense: values by hand, any rank, gradients, and what it refuses.
import { ConfigError, DTypeError, ShapeError } from '@nn/core';
import { constant, heNormal, ones } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { dense } from './dense.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

describe('dense', () => {
  it('is x W + b', async () => {
    const runner = await layerRunner(dense(2), { shape: [2, 3], dtype: 'f32' });
    runner.store.write('kernel', array([1, 2, 3, 4, 5, 6], [3, 2]));
    runner.store.write('bias', array([10, 20], [2]));
    const { y } = await runner.run(array([1, 0, -1, 2, 1, 0], [2, 3]));
    expect(y.toArray()).toEqual([
      [1 - 5 + 10, 2 - 6 + 20],
      [2 + 3 + 10, 4 + 4 + 20],
    ]);
  });

  it('declares kernel and bias, and their fans', () => {
    const { specs, variables } = declare(dense(4), [1, 3]);
    expect([...specs.keys()]).toEqual(['kernel', 'bias']);
    expect(specs.get('kernel')).toMatchObject({ shape: [3, 4], role: 'parameter', fans: { fanIn: 3, fanOut: 4 } });
    const limit = Math.sqrt(6 / 7);
    expect(variables['kernel']!.data.every((value) => value !== 0 && Math.abs(value) <= limit)).toBe(true);
    expect(variables['bias']!.toArray()).toEqual([0, 0, 0, 0]);
  });

  it('leaves the bias out', async () => {
    const layer = dense(1, { bias: false, kernelInitializer: ones() });
    expect((await applyLayer(layer, array([1, 2, 3, 4], [2, 2]))).y.toArray()).toEqual([[3], [7]]);
    expect(Object.keys(layer.variables({ shape: [2, 2], dtype: 'f32' }))).toEqual(['kernel']);
  });

  it('works over the last axis of any rank, and on no rows', async () => {
    const layer = dense(2, { kernelInitializer: constant(1) });
    const { y } = await applyLayer(layer, array([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]));
    expect(y.toArray()).toEqual([
      [
        [
          [3, 3],
          [7, 7],
        ],
        [
          [11, 11],
          [15, 15],
        ],
      ],
    ]);
    expect((await applyLayer(layer, array([], [0, 3]))).y.shape).toEqual([0, 2]);
  });

  it.each([[[4, 3]], [[2, 2, 3]]])('has the right gradients for x %j', async (shape) => {
    expect(
      await gradientError(dense(2, { kernelInitializer: heNormal() }), array(irregular(12), shape), {
        variables: { bias: array([0.5, -0.25], [2]) },
      }),
    ).toBeLessThan(1e-6);
  });

  it('refuses what is no [batch, features]', () => {
    expect(() => declare(dense(2), [3])).toThrow(ShapeError);
    expect(() => declare(dense(2), [3])).toThrow(/dense takes \[batch, …, features\].*f32\[3\].*\[1, features\]/);
    expect(() => declare(dense(2), [1, 3], 'i32')).toThrow(DTypeError);
  });

  it('refuses options out of range where they are written', () => {
    for (const units of [0, -1, 2.5, Number.NaN, '3' as never]) expect(() => dense(units)).toThrow(ConfigError);
    expect(() => dense(3, { useBias: false } as never)).toThrow(/no option "useBias".*kernelInitializer, biasInitializer, bias/);
    expect(() => dense(3, { kernelInitializer: heNormal as never })).toThrow(/factory heNormal.*Call the factory: heNormal\(…\)/);
    expect(() => dense(3, { bias: 1 as never })).toThrow(/bias is 1; it is true or false/);
  });
});
