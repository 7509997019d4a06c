// Biases that a normalization takes away again, and networks without them.
import type { NdArray, Network } from '@nn/core';
import { NdArray as HostArray, ConfigError, joinPath } from '@nn/core';
import type { ChannelNormalizer } from '../normalization/channelNormalizer.ts';
import type { Link } from './chains.ts';
import { markedAs, rewriteChains } from './chains.ts';
import { kernelLayer } from './kernelLayers.ts';
import type { ModelWithVariables } from './networkParts.ts';
import { layerShapes, normalizerOfLastAxis, valuesOf } from './networkParts.ts';

/**
 * A model that predicts what the network predicts, without the biases that do nothing in training: those of dense layers and
 * convolutions before a normalization that subtracts the mean of each channel (lecture 004: "no need to train bias"). What they had become
 * goes into the remembered means. Training goes on with it as before, with fewer parameters; a new model is better written with
 * `dense(10, { bias: false })`. The network is not changed.
 *
 * @throws ConfigError when the running statistics of such a normalization are no average that a bias can be taken from
 */
export async function dropRedundantBiases(network: Network): Promise<ModelWithVariables> {
  const shapes = layerShapes(network);
  const pairs: { readonly bias: string; readonly mean: string }[] = [];
  const { model, pathOf } = rewriteChains(network.model, (links, fixed) =>
    links.map((link, index): Link => {
      const factory = kernelLayer(link.layer);
      const next = links[index + 1];
      if (factory === undefined || link.layer.options['bias'] !== true || next === undefined) return link;
      if (fixed.has(link.path) || fixed.has(next.path)) return link;
      const norm = normalizerOfLastAxis(next, shapes.get(link.path));
      if (norm === undefined || !norm.layer.subtractsAnyBias) return link;
      expectAverage(norm);
      pairs.push({ bias: joinPath(link.path, 'bias'), mean: joinPath(norm.path, 'runningMean') });
      return { path: link.path, layer: markedAs(link.layer, factory.rebuild({ ...link.layer.options, bias: false }, {})) };
    }),
  );
  const values = await valuesOf(
    network,
    network.variables().map(({ path }) => path),
  );
  for (const { bias, mean } of pairs) {
    values[mean] = difference(values[mean]!, values[bias]!);
    delete values[bias];
  }
  const variables = Object.entries(values).map(([path, value]) => [pathOf(path)!, value] as const);
  return { model, variables: Object.fromEntries(variables) };
}

function expectAverage({ path, layer }: { readonly path: string; readonly layer: ChannelNormalizer }): void {
  if (layer.runningStatistics.overAllBatches !== undefined) return;
  throw new ConfigError(
    `The running statistics "${layer.runningStatistics.kind}" of "${path}" are no average of batches, so there is no mean to take the bias from.`,
  );
}

function difference({ data, shape, dtype }: NdArray, { data: taken }: NdArray): NdArray {
  return new HostArray(
    data.map((value, index) => value - taken[index]!),
    shape,
    dtype,
  );
}
