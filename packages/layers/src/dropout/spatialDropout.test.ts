// spatialDropout: whole channels, each sample its own, both scalings; otherwise as dropout.
import { ConfigError, ShapeError, build, describe as describeModel } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { spatialDropout } from './spatialDropout.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

const ones = (...shape: number[]) => array(new Float64Array(shape.reduce((size, extent) => size * extent, 1)).fill(1), shape);

describe('spatialDropout', () => {
  it('keeps or drops a channel of a sample at all positions', async () => {
    const [batch, height, width, channels] = [4, 3, 5, 16];
    const { y } = await applyLayer(spatialDropout({ rate: 0.5 }), ones(batch, height, width, channels), { training: true });
    const masks = Array.from({ length: batch }, (_, sample) => {
      const of = (pixel: number): string =>
        y.data.slice((sample * height * width + pixel) * channels, (sample * height * width + pixel + 1) * channels).join();
      for (let pixel = 1; pixel < height * width; pixel++) expect(of(pixel)).toBe(of(0));
      return of(0);
    });
    expect(new Set(masks).size).toBe(batch);
    expect(new Set(y.data)).toEqual(new Set([0, 2]));
  });

  it('drops a fraction `rate` of the channels, with either scaling', async () => {
    const x = ones(100, 2, 2, 100);
    for (const scaling of ['train', 'inference'] as const) {
      const { y } = await applyLayer(spatialDropout({ rate: 0.2, scaling }), x, { training: true });
      const dropped = y.data.filter((value) => value === 0).length / y.size;
      expect(Math.abs(dropped - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 10_000));
      expect(Math.max(...y.data)).toBe(scaling === 'train' ? 1.25 : 1);
      const after = (await applyLayer(spatialDropout({ rate: 0.2, scaling }), ones(1, 1))).y.item();
      expect(after).toBe(scaling === 'train' ? 1 : 0.8);
    }
  });

  it('gives zeros at rate 1, and has the right gradients', async () => {
    expect((await applyLayer(spatialDropout({ rate: 1 }), ones(1, 2, 2), { training: true })).y.data.every((value) => value === 0)).toBe(
      true,
    );
    expect(await gradientError(spatialDropout({ rate: 0.4 }), array(irregular(24), [2, 3, 4]), { training: true, seed: 5 })).toBeLessThan(
      1e-6,
    );
  });

  it('is rebuilt with all its options, and refuses what is none', async () => {
    const options = { rate: 0.3, scaling: 'inference', active: 'always' } as const;
    expect(build(describeModel(spatialDropout(options)), { spatialDropout }).options).toEqual(options);
    for (const rate of [-0.1, 1.1, Number.NaN]) expect(() => spatialDropout({ rate })).toThrow(ConfigError);
    expect(() => spatialDropout({ active: 'never' as never })).toThrow(/'training' or 'always'/);
    await expect(applyLayer(spatialDropout(), ones(3), { training: true })).rejects.toThrow(ShapeError);
  });
});
