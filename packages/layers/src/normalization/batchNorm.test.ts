// batchNorm: what it computes in training and inference, its gradients, its edge cases, and what it refuses.
import { ConfigError, ShapeError, build, createNetwork, describe as describeModel, identicalArrays, inferenceProgram } from '@nn/core';
import { constant, ones, zeros } from '@nn/initializers';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './batchNorm.ts';
import { cumulative } from '../runningStatistics/cumulative.ts';
import { dense } from '../dense/dense.ts';
import { ema } from '../runningStatistics/ema.ts';

import { sequential } from '../containers/sequential.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';
import { columnOf, meanOf, varianceOf } from '../testing/sampleMoments.ts';

const training = { training: true } as const;

describe('batchNorm in training', () => {
  it('gives every channel mean 0 and deviation 1', async () => {
    const { y } = await applyLayer(batchNorm({ epsilon: 0 }), array(irregular(30, 1), [10, 3]), training);
    for (const j of [0, 1, 2]) {
      expect(meanOf(columnOf(y.data, 3, j))).toBeCloseTo(0, 13);
      expect(varianceOf(columnOf(y.data, 3, j))).toBeCloseTo(1, 13);
    }
  });

  it('has ε inside the root, beside the biased variance, then scales and shifts', async () => {
    const layer = batchNorm({ epsilon: 0.5, gammaInitializer: constant(3), betaInitializer: constant(2) });
    const x = [1, 2, 6];
    const { y } = await applyLayer(layer, array(x, [3, 1]), training);
    x.forEach((value, index) => expect(y.data[index]).toBeCloseTo((3 * (value - 3)) / Math.sqrt(14 / 3 + 0.5) + 2, 13));
  });

  it.each([[[8, 3]], [[4, 2, 3]], [[2, 2, 2, 3]]])('takes the statistics over all but the last axis of %j', async (shape) => {
    const flat = await applyLayer(batchNorm(), array(irregular(24), [8, 3]), training);
    const shaped = await applyLayer(batchNorm(), array(irregular(24), shape), training);
    expect(shaped.y.shape).toEqual(shape);
    expect(shaped.y.data).toEqual(flat.y.data);
  });

  it('keeps another channel axis', async () => {
    const { y } = await applyLayer(batchNorm({ channelAxis: 1, epsilon: 0 }), array(irregular(24), [4, 3, 2]), training);
    for (const channel of [0, 1, 2]) {
      const values = Array.from(y.data).filter((_, index) => Math.floor(index / 2) % 3 === channel);
      expect(meanOf(values)).toBeCloseTo(0, 13);
      expect(varianceOf(values)).toBeCloseTo(1, 13);
    }
  });

  it('treats channels on their own', async () => {
    const x = irregular(15);
    const changed = x.map((value, index) => (index % 3 === 1 ? 5 * value + index : value));
    const [before, after] = [
      (await applyLayer(batchNorm(), array(x, [5, 3]), training)).y,
      (await applyLayer(batchNorm(), array(changed, [5, 3]), training)).y,
    ];
    for (const j of [0, 2]) expect(columnOf(after.data, 3, j)).toEqual(columnOf(before.data, 3, j));
    expect(columnOf(after.data, 3, 1)).not.toEqual(columnOf(before.data, 3, 1));
  });

  it.each([
    ['inside', 1 / Math.sqrt(14 / 3 + 0.5)],
    ['outside', 1 / (Math.sqrt(14 / 3) + 0.5)],
    ['none', 1 / Math.sqrt(14 / 3)],
  ] as const)('can have ε %s the root', async (epsilonMode, factor) => {
    const layer = batchNorm({ epsilon: 0.5, epsilonMode });
    const x = [1, 2, 6];
    const { y } = await applyLayer(layer, array(x, [3, 1]), training);
    x.forEach((value, index) => expect(y.data[index]).toBeCloseTo((value - 3) * factor, 13));
  });

  it.each([
    [{ epsilonMode: 'outside', epsilon: 0.1 }, 10],
    [{ epsilonMode: 'outside', epsilon: 0 }, 0],
    [{ epsilonMode: 'none' }, 0],
  ] as const)('gives β for a channel without deviation, and its gradient: %j', async (options, slope) => {
    const run = { ...training, upstream: () => Float64Array.of(1, 3) };
    const { y, gradients } = await applyLayer(batchNorm(options), array([5, 5], [2, 1]), run);
    expect(y.toArray()).toEqual([[0], [0]]);
    // slope · (dy − mean dy)
    expect([...gradients['x']!.data]).toEqual([-slope, slope].map((value) => expect.closeTo(value, 10)));
  });

  it('is the identity on a batch for γ = √(σ² + ε) and β = μ', async () => {
    const x = array(irregular(12), [6, 2]);
    const columns = [columnOf(x.data, 2, 0), columnOf(x.data, 2, 1)];
    const runner = await layerRunner(batchNorm(), x, training);
    runner.store.write(
      'gamma',
      array(
        columns.map((values) => Math.sqrt(varianceOf(values) + 1e-5)),
        [2],
      ),
    );
    runner.store.write('beta', array(columns.map(meanOf), [2]));
    const { y } = await runner.run(x);
    y.data.forEach((value: number, index: number) => expect(value).toBeCloseTo(x.data[index]!, 13));
  });

  it('gives a sample what the other rows of its batch make of it', async () => {
    const [first, second] = [
      await applyLayer(batchNorm(), array([1, 2, 3], [3, 1]), training),
      await applyLayer(batchNorm(), array([1, 8, 9], [3, 1]), training),
    ];
    expect(first.y.data[0]).not.toBeCloseTo(second.y.data[0]!, 2);
  });

  it('with γ = 0 lets no gradient through, and learns γ', async () => {
    const layer = batchNorm({ gammaInitializer: constant(0) });
    const { y, gradients } = await applyLayer(layer, array(irregular(12), [4, 3]), {
      ...training,
      upstream: (count) => irregular(count, 2),
    });
    expect(y.data.every((value: number) => value === 0)).toBe(true);
    expect(gradients['x']!.data.every((value: number) => value === 0)).toBe(true);
    expect(gradients['gamma']!.data.some((value: number) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it('takes away a bias before it: the bias has no gradient', async () => {
    const model = sequential(dense(3), batchNorm());
    const { gradients } = await applyLayer(model, array(irregular(20), [5, 4]), { ...training, upstream: (count) => irregular(count, 2) });
    for (const value of gradients['dense1/bias']!.data) expect(Math.abs(value)).toBeLessThan(1e-12);
    expect(gradients['dense1/kernel']!.data.some((value: number) => Math.abs(value) > 1e-3)).toBe(true);
  });

  // What mean 1e6 with deviation 1 is for float32, this is for float64: neighbouring numbers are 1/16 apart.
  it('is right where the mean is far larger than the deviation', async () => {
    const offsets = Array.from({ length: 64 }, (_, index) => Math.round(16 * 3 * Math.sin(7 * index + 1)) / 16);
    const { y } = await applyLayer(
      batchNorm({ epsilon: 0 }),
      array(
        offsets.map((offset) => 2 ** 48 + offset),
        [64, 1],
      ),
      training,
    );
    const deviation = Math.sqrt(varianceOf(offsets));
    offsets.forEach((offset, index) => expect(y.data[index]).toBeCloseTo((offset - meanOf(offsets)) / deviation, 6));
  });

  it('gives β and zero gradients for a channel without deviation, also with ε = 0', async () => {
    const layer = batchNorm({ epsilon: 0, betaInitializer: constant(7) });
    const result = await applyLayer(layer, array([3, 1, 3, 2], [2, 2]), { ...training, upstream: (count) => irregular(count) });
    expect(columnOf(result.y.data, 2, 0)).toEqual([7, 7]);
    for (const value of columnOf(result.gradients['x']!.data, 2, 0)) expect(value === 0).toBe(true);
    expect(result.gradients['gamma']!.data[0] === 0).toBe(true);
  });

  it.each([
    ['[batch, channels]', [5, 3], {}],
    ['[batch, height, width, channels]', [2, 2, 2, 2], {}],
    ['another channel axis', [3, 2, 2], { channelAxis: 1 }],
    ['no scale', [5, 3], { scale: false }],
    ['no shift', [5, 3], { center: false }],
    ['neither', [5, 3], { scale: false, center: false }],
    ['epsilon outside the root', [5, 3], { epsilon: 0.1, epsilonMode: 'outside' }],
    ['no epsilon', [5, 3], { epsilonMode: 'none' }],
  ] as const)('has the right gradients: %s', async (_, shape, options) => {
    const layer = batchNorm({ ...options, gammaInitializer: constant(1.5), betaInitializer: constant(0.5) });
    expect(await gradientError(layer, array(irregular(shape.reduce((a: number, b: number) => a * b, 1)), shape), training)).toBeLessThan(
      1e-6,
    );
  });

  it('refuses a single value per channel, and says what to use', async () => {
    const refused = applyLayer(batchNorm(), array([1, 2, 3], [1, 3]), training);
    await expect(refused).rejects.toThrow(ShapeError);
    await expect(refused).rejects.toThrow(/f32\[1, 3\].*a single value.*batches of 2 or more, or use layerNorm\(\)/);
    await expect(applyLayer(batchNorm(), array([], [0, 3]), training)).rejects.toThrow(/no value/);
    expect((await applyLayer(batchNorm(), array(irregular(6), [1, 2, 3]), training)).y.shape).toEqual([1, 2, 3]);
  });
});

describe('batchNorm in inference', () => {
  it('is (x − μ) γ / √(σ² + ε) + β with the remembered statistics, and changes nothing', async () => {
    const runner = await layerRunner(batchNorm({ epsilon: 0.25 }), { shape: [1, 2], dtype: 'f32' });
    const write = (name: string, values: number[]): void => runner.store.write(name, array(values, [2]));
    write('gamma', [2, 3]);
    write('beta', [-1, 1]);
    write('runningMean', [10, 20]);
    write('runningVariance', [4, 0]);
    const { y } = await runner.run(array([13, 21], [1, 2]));
    expect(y.data[0]).toBeCloseTo((3 * 2) / Math.sqrt(4.25) - 1, 14);
    expect(y.data[1]).toBeCloseTo(3 / 0.5 + 1, 14);
    expect(Object.values(runner.program.variables).every(({ write: written }) => written === undefined)).toBe(true);
  });

  it('has ε where training has it: with variance 1e-8 and ε 1e-5 outside the root the scale is 9091 times, inside 316', async () => {
    for (const [epsilonMode, scale] of [
      ['outside', 9090.9],
      ['inside', 316.07],
      ['none', 10_000],
    ] as const) {
      const runner = await layerRunner(batchNorm({ epsilonMode }), { shape: [1, 1], dtype: 'f32' });
      runner.store.write('runningVariance', array([1e-8], [1]));
      expect((await runner.run(array([1], [1, 1]))).y.item()).toBeCloseTo(scale, 1);
    }
  });

  it('subtracts before it scales', async () => {
    const runner = await layerRunner(batchNorm({ epsilon: 0 }), { shape: [3, 1], dtype: 'f32' });
    runner.store.write('runningMean', array([2 ** 48], [1]));
    runner.store.write('runningVariance', array([9], [1]));
    const { y } = await runner.run(array([2 ** 48 - 1, 2 ** 48, 2 ** 48 + 0.5], [3, 1]));
    [-1 / 3, 0, 1 / 6].forEach((value, index) => expect(y.data[index]).toBeCloseTo(value, 15));
  });

  it('gives β where the remembered variance is 0 and ε is 0', async () => {
    const runner = await layerRunner(batchNorm({ epsilon: 0, betaInitializer: constant(7) }), { shape: [2, 1], dtype: 'f32' });
    runner.store.write('runningVariance', array([0], [1]));
    expect((await runner.run(array([0, 5], [2, 1]))).y.toArray()).toEqual([[7], [7]]);
  });

  it('starts as x / √(1 + ε)', async () => {
    const x = array(irregular(6), [2, 3]);
    const { y } = await applyLayer(batchNorm({ epsilon: 0 }), x);
    expect(identicalArrays(y, x)).toBe(true);
  });

  it('has the right gradients', async () => {
    expect(
      await gradientError(batchNorm(), array(irregular(12), [2, 2, 3]), {
        variables: { runningMean: array([0.1, 0.2, 0.3], [3]), runningVariance: array([0.5, 1, 2], [3]) },
      }),
    ).toBeLessThan(1e-6);
  });

  it('takes one sample and no sample', async () => {
    const network = await createNetwork({ model: batchNorm(), input: [3], backend: referenceBackend() });
    expect((await network.predict([1, 2, 3])).shape).toEqual([3]);
    expect((await network.predict(array([], [0, 3]))).shape).toEqual([0, 3]);
  });
});

describe('batchNorm as a record', () => {
  it('over 5 units holds 20 numbers, 10 of them trained', async () => {
    const network = await createNetwork({ model: sequential(batchNorm()), input: [5], backend: referenceBackend() });
    const summary = network.summary();
    expect(summary).toMatchObject({ total: 20, trainable: 10, buffers: 10 });
    expect(summary.rows.find(({ path }) => path === 'batchNorm1')).toMatchObject({ kind: 'batchNorm', trainable: 10, buffers: 10 });
    expect(network.variables().map(({ path, role }) => [path, role])).toEqual([
      ['batchNorm1/gamma', 'parameter'],
      ['batchNorm1/beta', 'parameter'],
      ['batchNorm1/runningMean', 'buffer'],
      ['batchNorm1/runningVariance', 'buffer'],
    ]);
  });

  it('starts with γ = 1 and β = 0, or as its initializers say', () => {
    const start = (options?: Parameters<typeof batchNorm>[0]): number[][] => {
      const { variables } = declare(batchNorm(options), [4, 2]);
      return ['gamma', 'beta', 'runningMean', 'runningVariance'].map((name) => [...variables[name]!.data]);
    };
    expect(start()).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect(start({ gammaInitializer: constant(0.5), betaInitializer: constant(0.25) }).slice(0, 2)).toEqual([
      [0.5, 0.5],
      [0.25, 0.25],
    ]);
  });

  it('declares only what it learns', () => {
    expect([...declare(batchNorm({ scale: false }), [4, 2]).specs.keys()]).toEqual(['beta', 'runningMean', 'runningVariance']);
    expect([...declare(batchNorm({ center: false, runningStatistics: cumulative() }), [4, 2]).specs.keys()]).toEqual([
      'gamma',
      'runningMean',
      'runningVariance',
      'count',
    ]);
  });

  it('is rebuilt from its description', () => {
    const layer = batchNorm({ epsilon: 0.1, channelAxis: 1, runningStatistics: ema({ decay: 0.5 }), gammaInitializer: constant(2) });
    const description = JSON.parse(JSON.stringify(describeModel(layer))) as ReturnType<typeof describeModel>;
    const rebuilt = build(description, { batchNorm, ema, constant, ones, zeros });
    expect(describeModel(rebuilt)).toEqual(describeModel(layer));
    const input = { shape: [2, 3, 4], dtype: 'f32' } as const;
    expect(inferenceProgram({ model: rebuilt, input })).toEqual(inferenceProgram({ model: layer, input }));
  });

  it('refuses options out of range where they are written', () => {
    for (const epsilon of [-1e-9, Number.NaN, Infinity]) expect(() => batchNorm({ epsilon })).toThrow(ConfigError);
    expect(() => batchNorm({ momentum: 0.9 } as never)).toThrow(/no option "momentum".*ema\(\{ decay \}\).*1 minus PyTorch's momentum/);
    expect(() => batchNorm({ eps: 1e-3 } as never)).toThrow(/no option "eps"/);
    expect(() => batchNorm({ channelAxis: 0.5 })).toThrow(ConfigError);
    expect(() => batchNorm({ epsilonMode: 'inner' as never })).toThrow(/'inside' or 'outside' or 'none'/);
    expect(() => batchNorm({ scale: 1 as never })).toThrow(/scale is 1; it is true or false/);
    expect(() => batchNorm({ runningStatistics: ema as never })).toThrow(/the factory ema; it is a strategy.*Call the factory: ema\(…\)/);
    expect(() => batchNorm({ gammaInitializer: 1 as never })).toThrow(/gammaInitializer is 1; it is an initializer/);
  });

  it('refuses inputs without channels', () => {
    expect(() => declare(batchNorm(), [4])).toThrow(/takes \[batch, …, channels\].*f32\[4\].*\[batch, 1\]/);
    expect(() => declare(batchNorm(), [4])).toThrow(ShapeError);
    expect(() => declare(batchNorm(), [])).toThrow(ShapeError);
    expect(() => declare(batchNorm({ channelAxis: 3 }), [4, 2, 2])).toThrow(/channelAxis: axis 3 does not exist in an array of rank 3/);
    expect(() => declare(batchNorm({ channelAxis: 0 }), [4, 2])).toThrow(/channelAxis 0 is the batch axis/);
  });
});
