// LSUV: the variance of every layer's output, from bad starts too, and what no factor can repair.
import { NdArray, NumericError, div, fillNormal, streamKey } from '@nn/core';
import { normal, orthogonal, zeros } from '@nn/initializers';
import { batchNorm, block, conv2d, dense, flatten, maxPool2d, relu, selu, sequential, tanh, weightNorm } from '@nn/layers';
import type { Layer } from '@nn/core';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../events.ts';
import { prepared, varianceOf } from '../testing/preparedModel.ts';
import type { LsuvOptions } from './lsuv.ts';
import { lsuv } from './lsuv.ts';

const rows = (count: number, ...sample: number[]): NdArray => {
  const x = new Float32Array(count * sample.reduce((size, extent) => size * extent, 1));
  fillNormal(streamKey(3, 'rows', 0, 0), x, { mean: 1, deviation: 3 });
  return new NdArray(x, [count, ...sample], 'f32');
};

/** The variances of the kernels' layers after `lsuv`, and what was said. */
async function variancesAfter(model: Layer, x: NdArray, layers: readonly string[], options?: LsuvOptions): Promise<[number[], string[]]> {
  const warnings: string[] = [];
  const note = (event: TrainingEvent): void => void (event.type === 'warning' && warnings.push(event.message));
  const outputs = await prepared({ model, x, prepare: [lsuv(options)], layers, callbacks: [note] });
  return [outputs.map(varianceOf), warnings];
}

describe('lsuv', () => {
  it.each([
    ['small', normal({ deviation: 1e-3 })],
    ['large', normal({ deviation: 3 })],
    ['orthogonal', orthogonal()],
  ])('gives every layer variance 1 from a %s start', async (_name, kernelInitializer) => {
    const model = sequential(
      ...Array.from({ length: 6 }, (_, index) => [dense(16, { kernelInitializer }), index % 2 === 0 ? relu() : tanh()]).flat(),
      dense(4, { kernelInitializer }),
    );
    const layers = Array.from({ length: 7 }, (_, index) => `dense${index + 1}`);
    const [variances, warnings] = await variancesAfter(model, rows(64, 8), layers);
    for (const variance of variances) expect(Math.abs(variance - 1)).toBeLessThan(0.01);
    expect(warnings).toEqual([]);
  });

  it('goes through convolutions and past normalizations', async () => {
    const model = sequential(conv2d(4, { padding: 'same' }), batchNorm(), selu(), maxPool2d(), conv2d(3), flatten(), dense(2));
    const [variances] = await variancesAfter(model, rows(16, 8, 8, 2), ['conv2d1', 'conv2d2', 'dense1']);
    for (const variance of variances) expect(variance).toBeCloseTo(1, 2);
  });

  it('scales again where a bias stays, and says when it was not enough', async () => {
    const biased = dense(8, { biasInitializer: normal({ deviation: 0.5 }) });
    const [variances, warnings] = await variancesAfter(biased, rows(64, 8), ['']);
    expect(Math.abs(variances[0]! - 1)).toBeLessThan(0.01);
    expect(warnings).toEqual([]);
    const [, said] = await variancesAfter(biased, rows(64, 8), [''], { iterations: 1, tolerance: 1e-6 });
    expect(said).toEqual([expect.stringMatching(/has the variance .* after 1 times; 1 was wanted/)]);
  });

  it('scales the length of normalized weights with them', async () => {
    const model = sequential(dense(8, { kernelTransform: weightNorm() }), tanh(), dense(8, { kernelTransform: weightNorm() }));
    const [variances, warnings] = await variancesAfter(model, rows(64, 8), ['dense1', 'dense2']);
    for (const variance of variances) expect(variance).toBeCloseTo(1, 2);
    expect(warnings).toEqual([]);
  });

  it('takes the kernels that match', async () => {
    const model = sequential(dense(8), tanh(), dense(8));
    const untouched = await prepared({ model, x: rows(32, 8), prepare: [], layers: ['dense1'] });
    const [[first, second]] = await variancesAfter(model, rows(32, 8), ['dense1', 'dense2'], { match: 'dense2/*' });
    expect(first).toBe(varianceOf(untouched[0]!));
    expect(second).toBeCloseTo(1, 2);
  });

  it('refuses options out of range, kernels that do nothing, and inputs that are not finite', async () => {
    expect(() => lsuv({ tolerance: 0 })).toThrow(/tolerance is 0/);
    expect(() => lsuv({ iterations: 1.5 })).toThrow(/iterations is 1.5/);
    await expect(variancesAfter(dense(2), rows(4, 2), [''], { match: 'dens/*' })).rejects.toThrow(/matches no parameter.*kernel, bias/);
    const dead = sequential(dense(2, { kernelInitializer: zeros() }), dense(1));
    await expect(variancesAfter(dead, rows(4, 2), [])).rejects.toThrow(/"dense1" gives the same value everywhere/);
    const infinite = sequential(
      block((x) => div(x, 0)),
      dense(2),
    );
    await expect(variancesAfter(infinite, rows(4, 2), [])).rejects.toThrow(NumericError);
  });
});
