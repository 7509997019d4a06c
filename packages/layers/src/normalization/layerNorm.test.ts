// layerNorm: over one and several axes, the same in training and inference, gradients, and what it refuses.
import { ConfigError, ShapeError, build, describe as describeModel, identicalArrays } from '@nn/core';
import { constant, ones, zeros } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { layerNorm } from './layerNorm.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

const shapeFor = (axes: number | number[]): readonly number[] => declare(layerNorm({ axes }), [2, 3, 4, 5]).specs.get('gamma')!.shape;

describe('layerNorm', () => {
  it('gives every sample mean 0 and deviation 1 over its features', async () => {
    const { y } = await applyLayer(layerNorm({ epsilon: 0 }), array([1, 2, 6, -5, 0, 5], [2, 3]));
    const deviations = [Math.sqrt(14 / 3), Math.sqrt(50 / 3)];
    [-2, -1, 3, -5, 0, 5].forEach((value, index) => expect(y.data[index]).toBeCloseTo(value / deviations[Math.floor(index / 3)]!, 14));
  });

  it('scales and shifts every feature on its own', async () => {
    const x = array([1, 3, 5, 9], [2, 2]);
    const runner = await layerRunner(layerNorm({ epsilon: 3 }), x);
    runner.store.write('gamma', array([2, 4], [2]));
    runner.store.write('beta', array([10, 20], [2]));
    expect((await runner.run(x)).y.toArray()).toEqual([
      [-2 / Math.sqrt(4) + 10, 4 / Math.sqrt(4) + 20],
      [expect.closeTo((-2 * 2) / Math.sqrt(7) + 10, 14), expect.closeTo((2 * 4) / Math.sqrt(7) + 20, 14)],
    ]);
  });

  it('is the same in training and for one sample', async () => {
    const x = array(irregular(12), [4, 3]);
    const inference = (await applyLayer(layerNorm(), x)).y;
    expect(identicalArrays((await applyLayer(layerNorm(), x, { training: true })).y, inference)).toBe(true);
    const first = (await applyLayer(layerNorm(), array(irregular(3), [1, 3]), { training: true })).y;
    expect(first.toArray()).toEqual([inference.row(0).toArray()]);
  });

  it('has gamma and beta of the extents of its axes', () => {
    expect([shapeFor(-1), shapeFor([-1, 1]), shapeFor([1, 2, 3]), shapeFor(2)]).toEqual([[5], [3, 5], [3, 4, 5], [4]]);
  });

  it('reduces axes that are not side by side', async () => {
    const { y } = await applyLayer(layerNorm({ axes: [1, 3], epsilon: 0 }), array(irregular(24), [2, 3, 2, 2]));
    for (const middle of [0, 1]) {
      const values = Array.from(y.data)
        .slice(0, 12)
        .filter((_, index) => Math.floor(index / 2) % 2 === middle);
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 13);
      expect(values.reduce((a, b) => a + b * b, 0) / 6).toBeCloseTo(1, 13);
    }
  });

  it.each([
    [[3, 4], {}],
    [[2, 3, 4], { axes: [1, 2] }],
    [[2, 3, 4], { axes: 1 }],
    [[3, 4], { scale: false }],
    [[3, 4], { center: false }],
  ])('has the right gradients for x %j, %j', async (shape, options) => {
    const layer = layerNorm({ ...options, gammaInitializer: constant(1.5), betaInitializer: constant(0.5) });
    expect(await gradientError(layer, array(irregular(shape.reduce((a, b) => a * b, 1)), shape), { training: true })).toBeLessThan(1e-6);
  });

  it('gives β and zero gradients for equal features, also with ε = 0', async () => {
    const { y, gradients } = await applyLayer(layerNorm({ epsilon: 0, betaInitializer: constant(7) }), array([3, 3, 3], [1, 3]), {
      upstream: (count) => irregular(count),
    });
    expect(y.toArray()).toEqual([[7, 7, 7]]);
    for (const value of gradients['x']!.data) expect(value === 0).toBe(true);
  });

  it('is rebuilt from its description', () => {
    const description = describeModel(layerNorm({ axes: [1, 2], epsilon: 0.1 }));
    expect(describeModel(build(description, { layerNorm, ones, zeros }))).toEqual(description);
  });

  it('refuses options and inputs that do not fit', () => {
    for (const epsilon of [-1, Number.NaN]) expect(() => layerNorm({ epsilon })).toThrow(ConfigError);
    expect(() => layerNorm({ axes: [] })).toThrow(/name at least one axis/);
    expect(() => layerNorm({ axes: 0.5 })).toThrow(ConfigError);
    expect(() => declare(layerNorm({ axes: -1 }), [3])).toThrow(/layerNorm takes \[batch, …, features\]/);
    expect(() => declare(layerNorm({ axes: [0, 1] }), [3, 4])).toThrow(/include axis 0, the batch.*batchNorm\(\)/);
    expect(() => declare(layerNorm({ axes: [1, 2] }), [3, 4])).toThrow(ShapeError);
    expect(() => declare(layerNorm({ axes: [1, -1] }), [3, 4])).toThrow(/name an axis twice/);
  });
});
