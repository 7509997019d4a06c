// Folding: the same predictions from fewer steps, wherever the pair stands, and what is left alone.
import type { AnyLayer, InputSpec, NdArray, Network } from '@nn/core';
import { ConfigError, createNetwork, frozen, named } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { normal, uniform } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { block } from '../containers/block.ts';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';
import { dropConnect } from '../dropout/dropConnect.ts';
import { ema } from '../runningStatistics/ema.ts';
import { flatten } from '../images/flatten.ts';
import { foldNormalization } from './foldNormalization.ts';
import { layerNorm } from '../normalization/layerNorm.ts';
import { relu } from '../activations/relu.ts';
import { residual } from '../containers/residual.ts';
import { sequential } from '../containers/sequential.ts';
import { irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';
import { weightNorm } from '../normalization/weightNorm.ts';

/** A network whose every variable is unlike its start. */
async function network(model: AnyLayer, input: InputSpec): Promise<Network> {
  const made = await createNetwork({ model, input, backend: referenceBackend(), seed: 3 });
  made.variables().forEach(({ path, shape, dtype }, index) => {
    if (dtype !== 'f32') return;
    const size = shape.reduce((product, extent) => product * extent, 1);
    const positive = /running(Variance|Deviation)$/.test(path);
    made.write(
      path,
      array(
        irregular(size, index).map((value) => (positive ? 0.5 + value * value : value)),
        shape,
      ),
    );
  });
  return made;
}

/** The network and its folded form on the same rows. */
async function folded(model: AnyLayer, sample: readonly number[]): Promise<{ before: NdArray; after: NdArray; network: Network }> {
  const given = await network(model, sample);
  const result = await createNetwork({ ...(await foldNormalization(given)), input: sample, backend: referenceBackend() });
  const x = array(irregular(3 * sample.reduce((product, extent) => product * extent, 1), 5), [3, ...sample]);
  return { before: await given.predict(x), after: await result.predict(x), network: result };
}

const kinds = ({ summary }: { summary: Network }): string[] => summary.summary().rows.map(({ kind }) => kind);

describe('foldNormalization', () => {
  it.each<[string, AnyLayer, readonly number[], string[]]>([
    ['a dense layer', sequential(dense(4, { bias: false }), batchNorm(), relu(), dense(2)), [3], ['dense', 'relu', 'dense']],
    ['one with a bias', sequential(dense(4), batchNorm({ scale: false })), [3], ['dense']],
    ['on more than rows', sequential(dense(4), batchNorm({ channelAxis: 2, center: false })), [5, 3], ['dense']],
    [
      'a convolution',
      sequential(conv2d(3, { padding: 'same' }), batchNorm(), flatten(), dense(2)),
      [4, 4, 2],
      ['conv2d', 'flatten', 'dense'],
    ],
    ['grouped, with one channel', sequential(conv2d(1), batchNorm({ scale: false, center: false })), [4, 4, 2], ['conv2d']],
    [
      'with averages of the deviation, epsilon outside',
      sequential(dense(4), batchNorm({ epsilonMode: 'outside', runningStatistics: ema({ spread: 'deviation', debias: true }) })),
      [3],
      ['dense'],
    ],
    [
      'several in a row of chains',
      sequential(sequential(dense(4), batchNorm()), sequential(dense(3), batchNorm(), batchNorm())),
      [3],
      ['sequential', 'dense', 'sequential', 'dense', 'batchNorm'],
    ],
    [
      'in a residual body',
      residual(sequential(dense(4), batchNorm(), relu(), dense(3), batchNorm())),
      [3],
      ['sequential', 'dense', 'relu', 'dense'],
    ],
    [
      'weight normalization',
      sequential(dense(4, { kernelTransform: weightNorm() }), relu(), conv1x1()),
      [2, 2, 3],
      ['dense', 'relu', 'sequential', 'conv2d', 'flatten'],
    ],
    ['both', sequential(dense(4, { kernelTransform: weightNorm({ axis: null }), bias: false }), batchNorm()), [3], ['dense']],
    [
      'weights that are scaled in inference',
      sequential(dense(4, { kernelTransform: dropConnect({ scaling: 'inference' }) })),
      [3],
      ['dense'],
    ],
  ])('%s: equal predictions', async (_, model, sample, layers) => {
    const { before, after, network: result } = await folded(model, sample);
    before.data.forEach((value: number, index: number) => expect(after.data[index]).toBeCloseTo(value, 10));
    expect(kinds({ summary: result }).slice(1)).toEqual(layers);
    expect(result.variables().some(({ path }) => path.includes('weightNorm'))).toBe(false);
  });

  it('leaves what it cannot fold, with its values', async () => {
    const shared = dense(3);
    const model = sequential(
      shared,
      batchNorm(),
      shared,
      layerNorm(),
      relu(),
      batchNorm(),
      block((x, call) => call('inner', dense(3), x)),
      batchNorm(),
    );
    const { before, after, network: result } = await folded(model, [3]);
    expect(after.toArray()).toEqual(before.toArray());
    expect(kinds({ summary: result }).filter((kind) => kind === 'batchNorm')).toHaveLength(3);
    // The channels are not those of the kernel before.
    const rows = await folded(sequential(dense(3), batchNorm({ channelAxis: 1 })), [2, 4]);
    expect(rows.network.summary().rows.map(({ kind }) => kind)).toContain('batchNorm');
  });

  it('keeps pinned names, frozen layers and the values of layers that are renamed', async () => {
    const model = sequential(frozen(named('first', dense(4))), batchNorm(), relu(), batchNorm(), dense(2));
    const { before, after, network: result } = await folded(model, [3]);
    before.data.forEach((value: number, index: number) => expect(after.data[index]).toBeCloseTo(value, 10));
    expect(result.variables().map(({ path, role }) => `${path} ${role}`)).toEqual([
      'first/kernel buffer',
      'first/bias buffer',
      'batchNorm1/gamma parameter',
      'batchNorm1/beta parameter',
      'batchNorm1/runningMean buffer',
      'batchNorm1/runningVariance buffer',
      'dense1/kernel parameter',
      'dense1/bias parameter',
    ]);
  });

  it('changes neither the model nor the network', async () => {
    const model = sequential(dense(4), batchNorm());
    const given = await network(model, [3]);
    const before = await given.predict([1, 2, 3]);
    await foldNormalization(given);
    expect((await given.predict([1, 2, 3])).toArray()).toEqual(before.toArray());
  });

  it('refuses a kernel that is random in inference', async () => {
    const random = await network(sequential(dense(2, { kernelTransform: dropConnect({ active: 'always' }) })), [3]);
    await expect(foldNormalization(random)).rejects.toThrow(ConfigError);
  });
});

function conv1x1(): AnyLayer {
  return sequential(conv2d(2, { window: 1, kernelInitializer: normal(), biasInitializer: uniform() }), flatten());
}
