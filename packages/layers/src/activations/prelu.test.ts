// prelu: values, which axes have slopes, gradients of both, and what it refuses.
import { ConfigError, ShapeError, build, describe as describeModel } from '@nn/core';
import { constant } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { prelu } from './prelu.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

const slopeShape = (layer: ReturnType<typeof prelu>, shape: readonly number[]): readonly number[] =>
  declare(layer, shape).specs.get('slope')!.shape;

describe('prelu', () => {
  it('is x above 0 and slope times x below, a slope per channel', async () => {
    const runner = await layerRunner(prelu(), { shape: [2, 2], dtype: 'f32' });
    expect([...(await runner.run(array([-2, 4, 0, -8], [2, 2]))).y.data]).toEqual([-0.5, 4, 0, -2]);
    runner.store.write('slope', array([0.5, -1], [2]));
    expect([...(await runner.run(array([-2, -2, Number.NaN, Infinity], [2, 2]))).y.data]).toEqual([-1, 2, Number.NaN, Infinity]);
  });

  it('has slopes along the axes that are named', () => {
    expect(slopeShape(prelu(), [1, 4, 5, 3])).toEqual([3]);
    expect(slopeShape(prelu({ axes: [] }), [1, 4, 5, 3])).toEqual([]);
    expect(slopeShape(prelu({ axes: [1, 2, 3] }), [1, 4, 5, 3])).toEqual([4, 5, 3]);
    expect(slopeShape(prelu({ axes: 1 }), [1, 4, 5, 3])).toEqual([4]);
  });

  it('trains its slopes', () => {
    expect(declare(prelu({ slopeInitializer: constant(0.1) }), [1, 2])).toMatchObject({
      variables: { slope: { data: Float32Array.of(0.1, 0.1) } },
    });
    expect(declare(prelu(), [1, 2]).specs.get('slope')!.role).toBe('parameter');
  });

  it.each([{}, { axes: [] }, { axes: [1, 2] }, { axes: 1 }])('has the right gradients with %j', async (options) => {
    expect(await gradientError(prelu(options), array(irregular(24), [2, 3, 4]))).toBeLessThan(1e-6);
  });

  it('at 0 has the slope as its gradient', async () => {
    const { gradients } = await applyLayer(prelu(), array([0, 1], [1, 2]), { upstream: () => Float64Array.of(1, 1) });
    expect([...gradients['x']!.data]).toEqual([0.25, 1]);
  });

  it('is rebuilt with its options', () => {
    const rebuilt = build(describeModel(prelu({ axes: [1, -1], slopeInitializer: constant(0.5) })), { prelu, constant });
    expect(rebuilt.options).toMatchObject({ axes: [1, -1], slopeInitializer: { kind: 'constant', options: { value: 0.5 } } });
  });

  it('refuses the batch among its axes, axes that x lacks, and other options', () => {
    expect(() => slopeShape(prelu({ axes: [0, 1] }), [2, 3])).toThrow(/include axis 0, the batch/);
    expect(() => slopeShape(prelu({ axes: 3 }), [2, 3])).toThrow(ShapeError);
    expect(() => prelu({ axes: 0.5 })).toThrow(ConfigError);
    expect(() => prelu({ slopeInitializer: 0.25 as never })).toThrow(/initializer/);
    expect(() => prelu({ sharedAxes: [1] } as never)).toThrow(/Give axes/);
  });
});
