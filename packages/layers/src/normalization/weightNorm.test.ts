// weightNorm: direction and length, what the gradient is orthogonal to, directions of length 0, starting lengths.
import type { NdArray } from '@nn/core';
import { ConfigError, createNetwork, inferenceProgram, initialize } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { constant, zeros } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';
import { sequential } from '../containers/sequential.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array, layerRunner } from '../testing/layerRunner.ts';
import { weightNorm } from './weightNorm.ts';
import { columnOf } from '../testing/sampleMoments.ts';

const model = (options?: Parameters<typeof weightNorm>[0]) => dense(3, { bias: false, kernelTransform: weightNorm(options) });
const x = array(irregular(8), [2, 4]);
const lengths = array([2, -1, 0.5], [3]);
const direction = array(irregular(12, 2), [4, 3]);

/** Column j of the direction. */
const column = (data: ArrayLike<number>, j: number): number[] => columnOf(data, 3, j);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

async function runner(kernel: NdArray = direction) {
  const made = await layerRunner(model(), x, { training: true, upstream: (count) => irregular(count, 3) });
  made.store.write('kernel', kernel);
  made.store.write('weightNorm/length', lengths);
  return made;
}

describe('weightNorm', () => {
  it('is the direction of each unit times its length', async () => {
    const { y } = await (await runner()).run(x);
    for (const row of [0, 1]) {
      for (const j of [0, 1, 2]) {
        const v = column(direction.data, j);
        const weights = v.map((value) => (lengths.data[j]! * value) / Math.hypot(...v));
        expect(y.data[row * 3 + j]).toBeCloseTo(dot(Array.from(x.data).slice(4 * row, 4 * row + 4), weights), 13);
      }
    }
  });

  it('has a gradient orthogonal to the direction', async () => {
    const { gradients } = await (await runner()).run(x);
    for (const j of [0, 1, 2]) {
      expect(dot(column(gradients['kernel']!.data, j), column(direction.data, j))).toBeCloseTo(0, 13);
      expect(Math.hypot(...column(gradients['kernel']!.data, j))).toBeGreaterThan(1e-3);
    }
  });

  it.each([1e-200, 1e-30, 7, 1e30, 1e200])('does not change when the direction is scaled by %f', async (factor) => {
    const plain = await (await runner()).run(x);
    const scaled = await (
      await runner(
        array(
          direction.data.map((value) => value * factor),
          [4, 3],
        ),
      )
    ).run(x);
    plain.y.data.forEach((value: number, index: number) => expect(scaled.y.data[index]).toBeCloseTo(value, 13));
  });

  it('gives zeros and no gradient for a direction of length 0, and no NaN', async () => {
    const kernel = array(
      direction.data.map((value, index) => (index % 3 === 1 ? 0 : value)),
      [4, 3],
    );
    const { y, gradients } = await (await runner(kernel)).run(x);
    expect([y.data[1], y.data[4]]).toEqual([0, 0]);
    expect(column(gradients['kernel']!.data, 1).every((value) => value === 0)).toBe(true);
    expect(gradients['weightNorm/length']!.data[1] === 0).toBe(true);
    for (const gradient of Object.values(gradients)) expect(gradient.data.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['each unit of a dense layer', dense(3, { kernelTransform: weightNorm() }), [2, 4]],
    ['all of it', dense(3, { kernelTransform: weightNorm({ axis: null }) }), [2, 4]],
    ['each input', dense(3, { kernelTransform: weightNorm({ axis: 0 }) }), [2, 4]],
    ['each filter', conv2d(2, { window: 2, kernelTransform: weightNorm() }), [1, 3, 3, 2]],
    ['among other transforms', dense(3, { kernelTransform: sequential(weightNorm(), weightNorm({ axis: null })) }), [2, 4]],
  ] as const)('has the right gradients: %s', async (_, layer, shape) => {
    const size = shape.reduce((product: number, extent: number) => product * extent, 1);
    expect(await gradientError(layer, array(irregular(size), shape), { training: true })).toBeLessThan(1e-6);
  });

  it('starts as the kernel’s own initializer made it', () => {
    const input = { shape: [2, 4], dtype: 'f32' } as const;
    const { variables } = initialize(sequential(model()), input, 5);
    const kernel = variables['dense1/kernel']!;
    for (const j of [0, 1, 2]) {
      expect(variables['dense1/weightNorm/length']!.data[j]).toBeCloseTo(Math.hypot(...column(kernel.data, j)), 6);
    }
    const { variables: images } = initialize(
      conv2d(2, { window: 2, kernelTransform: weightNorm() }),
      { shape: [1, 4, 4, 3], dtype: 'f32' },
      1,
    );
    const filter = Array.from(images['kernel']!.data).filter((_, index) => index % 2 === 1);
    expect(images['weightNorm/length']!.data[1]).toBeCloseTo(Math.hypot(...filter), 6);
    const whole = declare(model({ axis: null }), [2, 4]);
    expect(whole.specs.get('weightNorm/length')!.shape).toEqual([]);
    expect(whole.variables['weightNorm/length']!.item()).toBeCloseTo(Math.hypot(...whole.variables['kernel']!.data), 6);
    const rows = declare(model({ axis: 0 }), [2, 4]);
    expect(rows.variables['weightNorm/length']!.data[3]).toBeCloseTo(Math.hypot(...rows.variables['kernel']!.data.subarray(9, 12)), 6);
    const given = declare(model({ lengthInitializer: constant(2) }), [2, 4]);
    expect([...given.variables['weightNorm/length']!.data]).toEqual([2, 2, 2]);
  });

  it('refuses to start from a direction of length 0', () => {
    expect(() => declare(dense(2, { kernelInitializer: zeros(), kernelTransform: weightNorm() }), [1, 3])).toThrow(
      /the kernel of unit 0 starts with zeros only.*heNormal\(\)/,
    );
    expect(() => declare(dense(2, { kernelInitializer: zeros(), kernelTransform: weightNorm() }), [1, 3])).toThrow(ConfigError);
  });

  it('refuses options out of range, and axes that are not there', () => {
    expect(() => weightNorm({ axis: 0.5 })).toThrow(ConfigError);
    expect(() => weightNorm({ dim: 0 } as never)).toThrow(/axis that is kept/);
    expect(() => weightNorm({ lengthInitializer: 1 as never })).toThrow(/lengthInitializer is 1/);
    expect(() => declare(model({ axis: 2 }), [2, 4])).toThrow(/weightNorm: axis: axis 2 does not exist in an array of rank 2/);
  });

  it('counts its lengths among what is trained', async () => {
    const network = await createNetwork({ model: model(), input: [4], backend: referenceBackend() });
    expect(network.variables().map(({ path, role }) => `${path} ${role}`)).toEqual(['kernel parameter', 'weightNorm/length parameter']);
    expect(inferenceProgram({ model: model(), input: { shape: [2, 4], dtype: 'f32' } }).instrs.length).toBeGreaterThan(1);
  });
});
