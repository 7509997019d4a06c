// Redundant biases: which are dropped, that predictions stay, and that training does not miss them.
import type { AnyLayer } from '@nn/core';
import { ConfigError, createNetwork } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { normal } from '@nn/initializers';
import { expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { batchRenorm } from '../normalization/batchRenorm.ts';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';
import { dropRedundantBiases } from './redundantBias.ts';
import { flatten } from '../images/flatten.ts';
import { ghostBatchNorm } from '../normalization/ghostBatchNorm.ts';
import { groupNorm } from '../normalization/groupNorm.ts';
import { instanceNorm } from '../normalization/instanceNorm.ts';
import { ema } from '../runningStatistics/ema.ts';
import { unnormalizedSum } from '../lectures.ts';
import { relu } from '../activations/relu.ts';
import { sequential } from '../containers/sequential.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { irregular } from '../testing/gradientCheck.ts';

const biased = { biasInitializer: normal() };

it.each<[string, AnyLayer, readonly number[], string[]]>([
  ['before batchNorm, not before the output', sequential(dense(4, biased), batchNorm(), relu(), dense(2, biased)), [3], ['dense2/bias']],
  ['before ghostBatchNorm', sequential(dense(4, biased), ghostBatchNorm()), [3], []],
  ['before a convolution’s norms', sequential(conv2d(2, biased), instanceNorm({ runningStatistics: ema() }), flatten()), [4, 4, 1], []],
  ['not where d sees it', sequential(dense(4, biased), batchRenorm()), [3], ['dense1/bias']],
  ['not where channels are mixed', sequential(dense(4, biased), groupNorm({ groups: 2 })), [3], ['dense1/bias']],
  ['not where a layer stands between', sequential(dense(4, biased), relu(), batchNorm()), [3], ['dense1/bias']],
  ['not of other channels', sequential(dense(4, biased), batchNorm({ channelAxis: 1 })), [2, 3], ['dense1/bias']],
])('%s', async (_, model, input, left) => {
  const network = await createNetwork({ model, input, backend: referenceBackend(), seed: 2 });
  const result = await createNetwork({ ...(await dropRedundantBiases(network)), input, backend: referenceBackend() });
  expect(result.variables().flatMap(({ path }) => (path.endsWith('/bias') ? [path] : []))).toEqual(left);
  const x = array(irregular(3 * input.reduce((product, extent) => product * extent, 1)), [3, ...input]);
  const [before, after] = [await network.predict(x), await result.predict(x)];
  before.data.forEach((value: number, index: number) => expect(after.data[index]).toBeCloseTo(value, 6));
});

it('training does not see what was dropped', async () => {
  const x = array(irregular(15), [5, 3]);
  const [withBias, without] = [
    await applyLayer(sequential(dense(4, biased), batchNorm()), x, { training: true }),
    await applyLayer(sequential(dense(4, { bias: false }), batchNorm()), x, { training: true }),
  ];
  withBias.y.data.forEach((value: number, index: number) => expect(without.y.data[index]).toBeCloseTo(value, 12));
});

it('refuses what it cannot take a bias from', async () => {
  const model = sequential(dense(4), batchNorm({ runningStatistics: unnormalizedSum() }));
  const network = await createNetwork({ model, input: [3], backend: referenceBackend() });
  await expect(dropRedundantBiases(network)).rejects.toThrow(ConfigError);
});
