// Mistakes that other libraries make, or made, with normalization: none of them may come in here.
import { freeze } from '@nn/core';
import { constant } from '@nn/initializers';
import { expect, it } from 'vitest';
import { batchNorm } from './normalization/batchNorm.ts';
import { dense } from './dense/dense.ts';
import { ema } from './runningStatistics/ema.ts';
import { sequential } from './containers/sequential.ts';
import { gradientError, irregular } from './testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from './testing/layerRunner.ts';

const training = { training: true } as const;

// TensorFlow.js takes the channels cyclically where they are not last, on two of its backends, and cannot train there.
it('batchNorm over the second axis is that over the last one, transposed, in training and inference', async () => {
  const [batch, channels, extent] = [3, 2, 4];
  const values = irregular(batch * channels * extent);
  const at = (index: number): number => {
    const [row, position, channel] = [Math.floor(index / (extent * channels)), Math.floor(index / channels) % extent, index % channels];
    return (row * channels + channel) * extent + position;
  };
  const transposed = Float64Array.from(values, (_, index) => values[at(index)]!);
  const affine = { gammaInitializer: constant(2), betaInitializer: constant(-1) };
  for (const mode of [training, {}]) {
    const second = await applyLayer(batchNorm({ channelAxis: 1, ...affine }), array(values, [batch, channels, extent]), mode);
    const last = await applyLayer(batchNorm(affine), array(transposed, [batch, extent, channels]), mode);
    last.y.data.forEach((value: number, index: number) => expect(second.y.data[at(index)]).toBeCloseTo(value, 13));
  }
});

// TensorFlow.js stops in training without scale or shift, and in the gradient of inference without scale.
it.each([
  [{ scale: false }, true],
  [{ center: false }, true],
  [{ scale: false, center: false }, true],
  [{ scale: false }, false],
])('batchNorm without scale or shift has gradients: %j, training %s', async (options, inTraining) => {
  expect(await gradientError(batchNorm(options), array(irregular(12), [4, 3]), { training: inTraining })).toBeLessThan(1e-6);
});

// TensorFlow.js moves the averages of layers that are not to be trained.
it('a frozen batchNorm keeps its averages, and infers while the others train', async () => {
  const model = freeze(sequential(dense(2), batchNorm(), dense(2), batchNorm()), 'batchNorm1');
  const x = array(irregular(12), [4, 3]);
  const runner = await layerRunner(model, x, training);
  runner.store.write('batchNorm1/runningMean', array([0.25, -3], [2]));
  for (let step = 1; step <= 3; step++) await runner.run(x, step);
  expect((await runner.store.read('batchNorm1/runningMean')).toArray()).toEqual([0.25, -3]);
  expect((await runner.store.read('batchNorm1/runningVariance')).toArray()).toEqual([1, 1]);
  expect((await runner.store.read('batchNorm2/runningMean')).toArray()).not.toEqual([0, 0]);
  expect(Object.entries(runner.program.variables).flatMap(([path, { write }]) => (write === undefined ? [] : [path]))).toEqual([
    'batchNorm2/runningMean',
    'batchNorm2/runningVariance',
  ]);
});

// TensorFlow.js gives zeros for a batch of one and spoils the moving variance with 0, without a word.
it('a batch of one is refused in training, before anything is remembered', async () => {
  const runner = await layerRunner(batchNorm(), { shape: [2, 3], dtype: 'f32' }, training);
  await expect(layerRunner(batchNorm(), { shape: [1, 3], dtype: 'f32' }, training)).rejects.toThrow(/single value.*layerNorm/);
  expect((await runner.store.read('runningVariance')).toArray()).toEqual([1, 1, 1]);
});

// Equinox promises the unbiased variance and remembers the biased one.
it('the running variance is what the option says', async () => {
  for (const [unbiased, expected] of [
    [true, 2],
    [false, 1],
  ] as const) {
    const layer = batchNorm({ runningStatistics: ema({ decay: 0, unbiased }) });
    const runner = await layerRunner(layer, { shape: [2, 1], dtype: 'f32' }, training);
    await runner.run(array([4, 6], [2, 1]));
    expect((await runner.store.read('runningVariance')).item()).toBeCloseTo(expected, 14);
  }
});
