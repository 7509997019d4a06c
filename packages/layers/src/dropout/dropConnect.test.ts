// dropConnect: one mask over the weights, both scalings, gradients through kept weights only. Its options are those of dropout.
import type { Layer } from '@nn/core';
import { ConfigError } from '@nn/core';
import { ones } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';
import { dropConnect } from './dropConnect.ts';
import { dropout } from './dropout.ts';
import { sequential } from '../containers/sequential.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { weightNorm } from '../normalization/weightNorm.ts';
import { meanOf } from '../testing/sampleMoments.ts';

const identity = array(
  Array.from({ length: 64 }, (_, index) => (index % 9 === 0 ? 1 : 0)),
  [8, 8],
);

/** The kernel that is computed with, [8, 50], all of its weights being 1. */
async function kernel(options: Parameters<typeof dropConnect>[0], run: { training: boolean; seed?: number }): Promise<readonly number[]> {
  const layer = dense(50, { bias: false, kernelInitializer: ones(), kernelTransform: dropConnect(options) });
  return [...(await applyLayer(layer, identity, run)).y.data];
}

describe('dropConnect', () => {
  it('drops single weights with its rate and scales what is kept, in training alone', async () => {
    const weights = await kernel({ rate: 0.75 }, { training: true });
    expect(new Set(weights)).toEqual(new Set([0, 4]));
    // 400 Bernoulli weights of mean 1 and deviation √3: four standard errors.
    expect(Math.abs(meanOf(weights) - 1)).toBeLessThan(4 * Math.sqrt(3 / 400));
    expect(new Set(await kernel({ rate: 0.75 }, { training: false }))).toEqual(new Set([1]));
  });

  it('can scale in inference instead: the same expected kernel (lecture 001, both ways)', async () => {
    expect(new Set(await kernel({ rate: 0.75, scaling: 'inference' }, { training: true }))).toEqual(new Set([0, 1]));
    expect(new Set(await kernel({ rate: 0.75, scaling: 'inference' }, { training: false }))).toEqual(new Set([0.25]));
  });

  it('has the expected output pμ without a rescale, and μ in training with one, where p = 1 − rate is what the lecture keeps', async () => {
    // Each output unit has weights of its own: the mean over many units estimates E z* for z = Σ x.
    const [units, x] = [20_000, array([1, -2, 4, 3], [1, 4])];
    const mu = 6;
    const meanOutput = async (options: Parameters<typeof dropConnect>[0], training: boolean): Promise<number> => {
      const layer = dense(units, { bias: false, kernelInitializer: ones(), kernelTransform: dropConnect(options) });
      return meanOf([...(await applyLayer(layer, x, { training })).y.data]);
    };
    for (const rate of [0.25, 0.7]) {
      const keep = 1 - rate;
      // Of a sum of dropped numbers the variance is p(1 − p) Σx²: four standard errors.
      const error = 4 * Math.sqrt((keep * rate * 30) / units);
      expect(Math.abs((await meanOutput({ rate, scaling: 'inference' }, true)) - keep * mu)).toBeLessThan(error);
      expect(await meanOutput({ rate, scaling: 'inference' }, false)).toBeCloseTo(keep * mu, 12);
      expect(Math.abs((await meanOutput({ rate, scaling: 'train' }, true)) - mu)).toBeLessThan(error / keep);
      expect(await meanOutput({ rate, scaling: 'train' }, false)).toBeCloseTo(mu, 12);
    }
  });

  it('has one mask for all samples of a step, where dropout has one for each', async () => {
    const rows = array(
      Array.from({ length: 4 * 8 }, () => 1),
      [4, 8],
    );
    const options = { bias: false, kernelInitializer: ones() };
    const connected = await applyLayer(dense(5, { ...options, kernelTransform: dropConnect() }), rows, { training: true });
    for (const row of connected.y.toArray() as number[][]) expect(row).toEqual((connected.y.toArray() as number[][])[0]);
    const dropped = await applyLayer(sequential(dense(5, options), dropout()), rows, { training: true });
    expect(new Set((dropped.y.toArray() as number[][]).map(String)).size).toBeGreaterThan(1);
  });

  it('has a gradient through kept weights alone', async () => {
    const layer = dense(6, { bias: false, kernelTransform: dropConnect() });
    const x = array(irregular(12), [3, 4]);
    const run = { training: true, upstream: (count: number) => irregular(count, 2) } as const;
    const { gradients } = await applyLayer(layer, x, run);
    const plain = await applyLayer(dense(6, { bias: false }), x, run);
    const shares = Array.from(gradients['kernel']!.data, (value, index) => value / plain.gradients['kernel']!.data[index]!);
    for (const share of shares) expect(Math.min(Math.abs(share), Math.abs(share - 2))).toBeLessThan(1e-12);
    expect(new Set(shares.map(Math.round))).toEqual(new Set([0, 2]));
  });

  it('draws others for other seeds and layers, and the same again', async () => {
    const run = { training: true, seed: 1 };
    expect(await kernel({}, run)).toEqual(await kernel({}, run));
    expect(await kernel({}, run)).not.toEqual(await kernel({}, { training: true, seed: 2 }));
  });

  it.each([
    ['a dense layer', (kernelTransform: Layer) => dense(3, { kernelTransform }), [4, 5]],
    ['on more than rows', (kernelTransform: Layer) => dense(3, { kernelTransform, bias: false }), [4, 2, 5]],
    [
      'a convolution',
      (kernelTransform: Layer) => conv2d(3, { window: 2, padding: 'same', strides: [1, 2], kernelTransform }),
      [4, 3, 4, 2],
    ],
    ['one in groups', (kernelTransform: Layer) => conv2d(4, { window: 2, groups: 2, kernelTransform }), [3, 3, 3, 4]],
  ] as const)('can have a mask for each sample: %s', async (_, make, shape) => {
    const x = array(irregular(shape.reduce((product: number, extent: number) => product * extent, 1)), shape);
    // Without anything dropped, a kernel for each sample is the kernel.
    const [plain, each] = [
      await applyLayer(make(dropConnect({ rate: 0 })), x, { training: true }),
      await applyLayer(make(dropConnect({ rate: 0, per: 'sample' })), x, { training: true }),
    ];
    plain.y.data.forEach((value: number, index: number) => expect(each.y.data[index]).toBeCloseTo(value, 12));
    expect(await gradientError(make(dropConnect({ rate: 0.4, per: 'sample' })), x, { training: true })).toBeLessThan(1e-6);
    // Equal samples come out unequal.
    const equal = array(
      Float64Array.from(x.data, (_value, index) => x.data[index % (x.size / shape[0])]!),
      shape,
    );
    const { y } = await applyLayer(make(dropConnect({ per: 'sample' })), equal, { training: true });
    const rows = y.size / shape[0];
    expect([...y.data.subarray(0, rows)]).not.toEqual([...y.data.subarray(rows, 2 * rows)]);
    // Inference needs no mask.
    expect((await applyLayer(make(dropConnect({ per: 'sample' })), x)).y.data).toEqual((await applyLayer(make(dropConnect()), x)).y.data);
  });

  it('with a mask for each sample stands alone', async () => {
    const several = dense(2, { kernelTransform: sequential(weightNorm(), dropConnect({ per: 'sample' })) });
    const x = array(irregular(6), [2, 3]);
    await expect(applyLayer(several, x, { training: true })).rejects.toThrow(/not one of several/);
    expect((await applyLayer(several, x)).y.shape).toEqual([2, 2]);
    expect(() => dropConnect({ per: 'batch' as never })).toThrow(/'step' or 'sample'/);
  });

  it('of everything gives zeros; a rate that is none is refused', async () => {
    expect(new Set(await kernel({ rate: 1 }, { training: true }))).toEqual(new Set([0]));
    for (const rate of [-0.1, 1.1, Number.NaN]) expect(() => dropConnect({ rate })).toThrow(ConfigError);
    expect(() => dropConnect({ p: 0.5 } as never)).toThrow(/dropConnect has no option "p".*probability to drop/);
  });
});
