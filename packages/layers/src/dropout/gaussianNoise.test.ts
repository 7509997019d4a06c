// gaussianNoise: its law, its numbers, when, and what it refuses.
import { ConfigError, build, describe as describeModel, identicalArrays } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { gaussianNoise } from './gaussianNoise.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';
import { meanOf } from '../testing/sampleMoments.ts';

const zeros = (count: number) => array(new Float64Array(count), [1, count]);

describe('gaussianNoise', () => {
  it('adds normal numbers of that deviation in training', async () => {
    const count = 40_000;
    const { y } = await applyLayer(gaussianNoise({ deviation: 2 }), zeros(count), { training: true });
    const moment = (power: number): number => meanOf(Array.from(y.data, (value) => (value / 2) ** power));
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
  });

  it('leaves x alone in inference and at deviation 0, and draws there when asked', async () => {
    const x = array([1, -2, 3], [1, 3]);
    expect(identicalArrays((await applyLayer(gaussianNoise(), x)).y, x)).toBe(true);
    expect(identicalArrays((await applyLayer(gaussianNoise({ deviation: 0 }), x, { training: true })).y, x)).toBe(true);
    expect(identicalArrays((await applyLayer(gaussianNoise({ active: 'always' }), x)).y, x)).toBe(false);
  });

  it('has other numbers in every step, and the same ones for a step and seed', async () => {
    const at = async (seed: number, step: number): Promise<string> => {
      const runner = await layerRunner(gaussianNoise(), zeros(8), { training: true, seed });
      return (await runner.run(zeros(8), step)).y.data.join();
    };
    expect(await at(0, 1)).toBe(await at(0, 1));
    expect(new Set([await at(0, 1), await at(0, 2), await at(1, 1)]).size).toBe(3);
  });

  it('hands gradients on, is rebuilt with its options, and refuses what is no deviation', async () => {
    expect(await gradientError(gaussianNoise({ deviation: 0.3 }), array(irregular(12), [3, 4]), { training: true, seed: 5 })).toBeLessThan(
      1e-6,
    );
    const options = { deviation: 0.3, active: 'always' } as const;
    expect(build(describeModel(gaussianNoise(options)), { gaussianNoise }).options).toEqual(options);
    for (const deviation of [-1, Infinity, Number.NaN]) expect(() => gaussianNoise({ deviation })).toThrow(ConfigError);
    expect(() => gaussianNoise({ stddev: 1 } as never)).toThrow(/Give deviation/);
  });
});
