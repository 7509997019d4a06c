// dropout: which values, how scaled, when; its random bits; what it refuses.
import { ConfigError, build, createNetwork, describe as describeModel, identicalArrays } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { dense } from '../dense/dense.ts';
import type { DropoutOptions } from './dropout.ts';
import { dropout } from './dropout.ts';
import { sequential } from '../containers/sequential.ts';
import { spatialDropout } from './spatialDropout.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';
import { columnOf, meanOf, varianceOf } from '../testing/sampleMoments.ts';

const ones = (count: number) => array(new Float64Array(count).fill(1), [1, count]);

/** The mask of one training step: true where a value was kept. */
async function mask(
  layer: Parameters<typeof layerRunner>[0],
  options: { seed?: number; step?: number; count?: number } = {},
): Promise<string> {
  const { seed = 1, step = 1, count = 200 } = options;
  const runner = await layerRunner(layer, { shape: [1, count], dtype: 'f32' }, { training: true, seed });
  return Array.from((await runner.run(ones(count), step)).y.data, (value) => (value === 0 ? '.' : 'x')).join('');
}

describe('dropout', () => {
  it('drops a fraction `rate` and scales the rest by 1/(1 − rate) in training', async () => {
    const count = 40_000;
    const { y } = await applyLayer(dropout({ rate: 0.3 }), ones(count), { training: true });
    const dropped = y.data.filter((value) => value === 0).length / count;
    // Four standard deviations of a binomial fraction.
    expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count));
    expect(new Set(y.data)).toEqual(new Set([0, 1 / 0.7]));
  });

  it('gives x back in inference', async () => {
    const x = array([1, -2, Infinity, Number.NaN], [2, 2]);
    expect(identicalArrays((await applyLayer(dropout({ rate: 0.3 }), x)).y, x)).toBe(true);
  });

  it("with scaling 'inference' keeps values in training and scales them by 1 − rate in inference", async () => {
    const layer = dropout({ rate: 0.25, scaling: 'inference' });
    expect(new Set((await applyLayer(layer, ones(400), { training: true })).y.data)).toEqual(new Set([0, 1]));
    expect((await applyLayer(layer, ones(3))).y.toArray()).toEqual([[0.75, 0.75, 0.75]]);
  });

  it('has the same expected output with both scalings', async () => {
    const count = 40_000;
    const meanOutput = async (scaling: 'train' | 'inference', training: boolean): Promise<number> => {
      const { data } = (await applyLayer(dropout({ rate: 0.4, scaling }), ones(count), { training })).y;
      return meanOf(data);
    };
    const error = 4 * Math.sqrt((0.4 * 0.6) / count);
    expect(Math.abs((await meanOutput('train', true)) - (await meanOutput('train', false)))).toBeLessThan(error / 0.6);
    expect(Math.abs((await meanOutput('inference', true)) - (await meanOutput('inference', false)))).toBeLessThan(error);
  });

  it('without a rescale would shift the mean by the probability to keep', async () => {
    const count = 40_000;
    // In training the lecture's first form does not scale: E[P ⊙ x] = p·x.
    const { data } = (await applyLayer(dropout({ rate: 0.25, scaling: 'inference' }), ones(count), { training: true })).y;
    expect(Math.abs(meanOf(data) - 0.75)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / count));
  });

  it('averages over many draws to what inference computes at once, for a linear layer behind it', async () => {
    const model = (active: 'always' | 'training') => sequential(dropout({ rate: 0.3, active }), dense(2));
    const networkOf = (active: 'always' | 'training') =>
      createNetwork({ model: model(active), input: [4], backend: referenceBackend(), seed: 2 });
    const x = [1, -2, 3, 0.5];
    const expected = await (await networkOf('training')).predict(x);
    const draws = 4000;
    const predictions = await (await networkOf('always')).predict(Array.from({ length: draws }, () => x));
    expected.data.forEach((value, unit) => {
      const drawn = columnOf(predictions.data, 2, unit);
      expect(Math.abs(meanOf(drawn) - value)).toBeLessThan(5 * Math.sqrt(varianceOf(drawn) / draws));
    });
  });

  it("drops in inference too with active 'always', otherwise in every call", async () => {
    const network = await createNetwork({
      model: dropout({ rate: 0.5, active: 'always' }),
      input: [64],
      backend: referenceBackend(),
      seed: 3,
    });
    const samples = [await network.predict(ones(64)), await network.predict(ones(64))];
    for (const sample of samples) expect(new Set(sample.data)).toEqual(new Set([0, 2]));
    expect(identicalArrays(samples[0]!, samples[1]!)).toBe(false);
  });

  it('selects: a dropped infinity or NaN is 0', async () => {
    const values = array([Infinity, -Infinity, Number.NaN, 1], [1, 4]);
    expect((await applyLayer(dropout({ rate: 1 }), values, { training: true })).y.toArray()).toEqual([[0, 0, 0, 0]]);
    const { y } = await applyLayer(dropout({ rate: 0.5 }), array(new Float64Array(100).fill(Infinity), [1, 100]), { training: true });
    expect(new Set(y.data)).toEqual(new Set([0, Infinity]));
  });

  it('gives zeros and no gradient at rate 1, and x itself without random numbers at rate 0', async () => {
    const all = await applyLayer(dropout({ rate: 1 }), ones(3), { training: true, upstream: (count) => irregular(count) });
    expect(all.gradients['x']!.toArray()).toEqual([[0, 0, 0]]);
    const none = await layerRunner(dropout({ rate: 0 }), ones(3), { training: true });
    expect((await none.run(ones(3))).y.toArray()).toEqual([[1, 1, 1]]);
    expect(none.program.inputs).not.toHaveProperty('seed');
  });

  it('has the right gradients', async () => {
    expect(await gradientError(dropout({ rate: 0.4 }), array(irregular(12), [3, 4]), { training: true, seed: 5 })).toBeLessThan(1e-6);
  });

  it('has one mask per seed, step and layer', async () => {
    const layer = dropout({ rate: 0.5 });
    const mine = await mask(layer);
    expect(await mask(dropout({ rate: 0.5 }))).toBe(mine);
    expect(await mask(layer, { seed: 2 })).not.toBe(mine);
    expect(await mask(layer, { seed: 0 })).not.toBe(mine);
    expect(await mask(layer, { step: 2 })).not.toBe(mine);
    expect(await mask(sequential(layer))).not.toBe(mine);
  });

  it('drops other values in each of two layers, and in each use of one layer', async () => {
    const once = dropout({ rate: 0.5, scaling: 'inference' });
    const kept = async (model: typeof once): Promise<number> => (await mask(model, { count: 1000 })).replaceAll('.', '').length;
    const same = await kept(once);
    for (const twice of [sequential(once, once), sequential(once, dropout({ rate: 0.5, scaling: 'inference' }))]) {
      // Equal masks would keep about 500, independent ones 250.
      expect(await kept(twice)).toBeLessThan(320);
    }
    expect(same).toBeGreaterThan(400);
  });

  it('drops what lies along an axis of extent 1 of its mask together', async () => {
    const x = array(irregular(4 * 5 * 6 * 16), [4, 5, 6, 16]);
    const masked = async (noiseShape: DropoutOptions['noiseShape'] & object) =>
      (await applyLayer(dropout({ rate: 0.4, noiseShape }), x, { training: true })).y;
    const whole = (await applyLayer(spatialDropout({ rate: 0.4 }), x, { training: true })).y;
    expect(identicalArrays(await masked([null, 1, 1, null]), whole)).toBe(true);
    expect(identicalArrays(await masked([4, 1, 1, 16]), whole)).toBe(true);
    const single = (await applyLayer(dropout({ rate: 0.4 }), x, { training: true })).y;
    expect(identicalArrays(await masked([null, null, null, null]), single)).toBe(true);
    expect(new Set((await masked([1, 1, 1, 1])).data.map((value) => (value === 0 ? 0 : 1))).size).toBe(1);
  });

  it('refuses the shape of a mask that is none, and x that it does not fit', async () => {
    for (const noiseShape of [3, [0], [1.5], ['1'], [undefined]])
      expect(() => dropout({ noiseShape: noiseShape as never })).toThrow(ConfigError);
    expect(() => dropout({ noise_shape: [1] } as never)).toThrow(/Did you mean "noiseShape"/);
    for (const noiseShape of [[null], [null, 2], [null, 1, null]]) {
      await expect(applyLayer(dropout({ noiseShape }), ones(3), { training: true })).rejects.toThrow(
        /noiseShape is \[.*\], but x is \[1, 3\]/,
      );
    }
    const given = [null, 1];
    const layer = dropout({ noiseShape: given });
    given[1] = 7;
    expect(build(describeModel(layer), { dropout }).options).toMatchObject({ noiseShape: [null, 1] });
  });

  it('refuses a rate that is no probability', () => {
    for (const rate of [-0.1, 1.1, Number.NaN, '0.5' as never]) expect(() => dropout({ rate })).toThrow(ConfigError);
    expect(() => dropout({ p: 0.5 } as never)).toThrow(/Give rate/);
    expect(() => dropout({ scaling: 'trian' as never })).toThrow(/'train' or 'inference'.*Did you mean "train"/);
    expect(() => dropout(0.5 as never)).toThrow(/takes its options as an object, not 0.5/);
  });

  it('is no operation on an empty batch', async () => {
    const empty = array([], [0, 3]);
    expect((await applyLayer(dropout(), empty, { training: true })).y.shape).toEqual([0, 3]);
  });
});
