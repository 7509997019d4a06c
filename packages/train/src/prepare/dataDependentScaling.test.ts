// Data-dependent scaling: mean 0 and deviation 1 of every unit, with and without a bias, and what no factor can repair.
import type { NdArray } from '@nn/core';
import { NdArray as HostArray } from '@nn/core';
import { constant, uniform } from '@nn/initializers';
import { conv2d, dense, flatten, relu, sequential, weightNorm } from '@nn/layers';
import { expect, it } from 'vitest';
import { prepared, varianceOf } from '../testing/preparedModel.ts';
import { dataDependentScaling } from './dataDependentScaling.ts';
import { channelMoments } from './kernels.ts';
import { lsuv } from './lsuv.ts';

const images = new HostArray(
  Float32Array.from({ length: 16 * 36 * 2 }, (_, index) => 100 + 5 * Math.sin(12.9898 * (index + 1))),
  [16, 6, 6, 2],
  'f32',
);

const moments = (output: NdArray) => channelMoments('test', 'layer', output);

it('standardizes every unit, far from zero too', async () => {
  const model = sequential(conv2d(5), relu(), flatten(), dense(4, { kernelInitializer: uniform({ low: 1, high: 2 }) }));
  const outputs = await prepared({ model, x: images, prepare: [dataDependentScaling()], layers: ['conv2d1', 'dense1'] });
  for (const { mean, variance } of outputs.flatMap(moments)) {
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(Math.abs(variance - 1)).toBeLessThan(1e-3);
  }
});

it('without a bias leaves the means', async () => {
  const [output] = await prepared({
    model: conv2d(5, { bias: false }),
    x: images,
    prepare: [dataDependentScaling()],
    layers: [''],
  });
  for (const { mean, variance } of moments(output!)) {
    expect(Math.abs(mean)).toBeGreaterThan(1);
    expect(variance).toBeCloseTo(1, 3);
  }
});

it('takes the bias that was there along', async () => {
  const model = conv2d(2, { biasInitializer: constant(7) });
  const [output] = await prepared({ model, x: images, prepare: [dataDependentScaling()], layers: [''] });
  for (const { mean } of moments(output!)) expect(Math.abs(mean)).toBeLessThan(1e-3);
});

it('is the start of weight normalization: the lengths are scaled, the directions stay', async () => {
  const model = sequential(
    conv2d(5, { kernelTransform: weightNorm(), kernelInitializer: uniform({ low: 1, high: 2 }) }),
    relu(),
    flatten(),
    dense(4, { kernelTransform: sequential(weightNorm()) }),
  );
  const outputs = await prepared({ model, x: images, prepare: [dataDependentScaling()], layers: ['conv2d1', 'dense1'] });
  for (const { mean, variance } of outputs.flatMap(moments)) {
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(Math.abs(variance - 1)).toBeLessThan(1e-3);
  }
  const oneLength = dense(3, { kernelTransform: weightNorm({ axis: null }) });
  const rows = new HostArray(Float32Array.of(1, 2, 3, 5, 4, 9), [3, 2], 'f32');
  await expect(prepared({ model: oneLength, x: rows, prepare: [dataDependentScaling()], layers: [] })).rejects.toThrow(
    /weightNorm\/length/,
  );
  const [output] = await prepared({ model: oneLength, x: rows, prepare: [lsuv()], layers: [''] });
  expect(varianceOf(output!)).toBeCloseTo(1, 2);
});

it('refuses a unit without a spread, naming it', async () => {
  const alike = new HostArray(new Float32Array(8).fill(2), [4, 2], 'f32');
  await expect(prepared({ model: dense(3), x: alike, prepare: [dataDependentScaling()], layers: [] })).rejects.toThrow(
    /unit 0 of "" gives the same value/,
  );
  await expect(prepared({ model: dense(3), x: alike, prepare: [dataDependentScaling({ match: '*/x' })], layers: [] })).rejects.toThrow(
    /matches no parameter/,
  );
});
