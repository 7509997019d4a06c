// How much of a gradient is left behind 20 layers: what starting values and batch normalization do to it (lectures 002 and 004).
import type { Initializer, Layer } from '@nn/core';
import { glorotNormal, normal } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './normalization/batchNorm.ts';
import { dense } from './dense/dense.ts';
import { sequential } from './containers/sequential.ts';
import { sigmoid } from './activations/sigmoid.ts';
import { irregular } from './testing/gradientCheck.ts';
import { applyLayer } from './testing/layerRunner.ts';
import { tanh } from './activations/tanh.ts';
import { standardNormal } from './testing/sampleMoments.ts';

const [rows, width, depth] = [16, 32, 20];
const inputs = standardNormal(rows, width);

interface Network {
  readonly activation: () => Layer;
  readonly kernelInitializer: Initializer;
  readonly normalized?: boolean;
}

/** The length of the gradient by the inputs, as a part of that by the outputs. */
async function partThatArrives({ activation, kernelInitializer, normalized = false }: Network): Promise<number> {
  const layer = (): Layer[] => [dense(width, { kernelInitializer, bias: false }), ...(normalized ? [batchNorm()] : []), activation()];
  const model = sequential(...Array.from({ length: depth }, layer).flat());
  const upstream = (count: number): Float64Array => irregular(count, 1);
  const { gradients } = await applyLayer(model, inputs, { training: true, upstream });
  return Math.hypot(...gradients['x']!.data) / Math.hypot(...upstream(rows * width));
}

describe('the gradient behind 20 layers', () => {
  it('vanishes with small kernels, explodes with large ones, and is of middle size with the variance of Glorot', async () => {
    const arriving = (kernelInitializer: Initializer): Promise<number> => partThatArrives({ activation: tanh, kernelInitializer });
    // In tanh's straight part a layer passes √width · deviation = 0.057 of it.
    expect(await arriving(normal({ deviation: 0.01 }))).toBeLessThan(1e-24);
    expect(await arriving(normal({ deviation: 1 }))).toBeGreaterThan(1e4);
    const kept = await arriving(glorotNormal());
    expect(kept).toBeGreaterThan(0.03);
    expect(kept).toBeLessThan(3);
  });

  it('is lost by sigmoids, and arrives with batch normalization', async () => {
    const sigmoids = { activation: sigmoid, kernelInitializer: glorotNormal() };
    // A sigmoid is nowhere steeper than 1/4.
    expect(await partThatArrives(sigmoids)).toBeLessThan(0.25 ** depth * 10);
    expect(await partThatArrives({ ...sigmoids, normalized: true })).toBeGreaterThan(0.1);
  });
});
