// dropConnect: one mask over the weights, both scalings, gradients through kept weights only. Its options are those of dropout.
import { ConfigError } from '@nn/core';
import { ones } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { dense } from './dense.ts';
import { dropConnect } from './dropConnect.ts';
import { dropout } from './dropout.ts';
import { sequential } from './sequential.ts';
import { irregular } from './testing/gradientCheck.ts';
import { applyLayer, array } from './testing/layerRunner.ts';

const identity = array(
  Array.from({ length: 64 }, (_, index) => (index % 9 === 0 ? 1 : 0)),
  [8, 8],
);

/** The kernel that is computed with, [8, 50], all of its weights being 1. */
async function kernel(options: Parameters<typeof dropConnect>[0], run: { training: boolean; seed?: number }): Promise<readonly number[]> {
  const layer = dense(50, { bias: false, kernelInitializer: ones(), kernelTransform: dropConnect(options) });
  return [...(await applyLayer(layer, identity, run)).y.data];
}

const meanOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;

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

  it('of everything gives zeros; a rate that is none is refused', async () => {
    expect(new Set(await kernel({ rate: 1 }, { training: true }))).toEqual(new Set([0]));
    for (const rate of [-0.1, 1.1, Number.NaN]) expect(() => dropConnect({ rate })).toThrow(ConfigError);
    expect(() => dropConnect({ p: 0.5 } as never)).toThrow(/dropConnect has no option "p".*probability to drop/);
  });
});
