// Data-dependent scaling: every unit starts with outputs of mean 0 and deviation 1, on real data.
import { ConfigError, ShapeError, defineFactory, resolveOptions, shapeText } from '@nn/core';
import { allKernels, channelMoments, kernelLayers, scaledBy } from './kernels.ts';
import type { KernelLayer } from './kernels.ts';
import type { Preparation, StartingModel } from './preparation.ts';

export interface DataDependentScalingOptions {
  /** Glob over the kernels that are scaled: default `'**\/kernel'`. */
  readonly match?: string;
}

/**
 * Layer by layer from the input, each unit's weights are divided by the deviation σ that its output has for the first batch, and its
 * bias becomes (bias − μ)/σ, so that every unit (every channel of a convolution) starts with mean 0 and deviation 1. It is what batch
 * normalization would do in the first step, done once. Layers without a bias keep their means. Under weight normalization it is the
 * lengths that are divided: the start that its paper asks for.
 * Source: Krähenbühl et al., "Data-dependent initializations of convolutional neural networks" (2015), within a layer; Salimans and
 * Kingma, "Weight Normalization" (2016); lecture 004 ("requires good init").
 *
 * @throws ConfigError in `fit`, for a glob that matches no kernel and for a unit that gives the same value everywhere, which no factor
 * changes; ShapeError for a kernel, or lengths, whose last axis is not the units; NumericError for outputs that are not finite
 */
export const dataDependentScaling = defineFactory('dataDependentScaling', createScaling, createScaling);

function createScaling(options: DataDependentScalingOptions = {}): Preparation {
  const resolved = resolveOptions<Required<DataDependentScalingOptions>>('dataDependentScaling', options, { match: allKernels });
  return Object.freeze({
    kind: 'dataDependentScaling',
    options: Object.freeze(resolved),
    async prepare(start: StartingModel): Promise<void> {
      for (const layer of kernelLayers(start, 'dataDependentScaling', resolved.match)) await standardizeUnits(start, layer);
    },
  });
}

async function standardizeUnits(start: StartingModel, { path, factor, bias }: KernelLayer): Promise<void> {
  const output = await start.output(path);
  const weights = await start.read(factor);
  if (weights.shape.at(-1) !== output.shape.at(-1)) {
    throw new ShapeError(
      `dataDependentScaling: "${factor}" is ${shapeText(weights.shape)}, but the layer gives ${shapeText(output.shape)}; ` +
        'the last axis of both must be the units.',
    );
  }
  const moments = channelMoments('dataDependentScaling', path, output);
  const constant = moments.findIndex(({ variance }) => variance === 0);
  if (constant !== -1) {
    throw new ConfigError(
      `dataDependentScaling: unit ${constant} of "${path}" gives the same value everywhere for the first batch, so no factor gives it ` +
        'deviation 1. Are its weights zero, or are all its inputs equal?',
    );
  }
  const factors = moments.map(({ variance }) => 1 / Math.sqrt(variance));
  start.write(factor, scaledBy(weights, factors));
  if (bias === undefined) return;
  const shifted = await start.read(bias);
  moments.forEach(({ mean }, unit) => (shifted.data[unit]! -= mean));
  start.write(bias, scaledBy(shifted, factors));
}
