// Layers whose output grows with a kernel: what preparations that scale kernels go through.
import type { NdArray } from '@nn/core';
import { ConfigError, FeatureMoments, NdArray as HostArray, NumericError, featureOfElement, joinPath, matchPath } from '@nn/core';
import type { StartingModel } from './preparation.ts';

/** A layer with a kernel. */
export interface KernelLayer {
  /** `''` where the model is this layer. */
  readonly path: string;
  /** Path of its kernel. */
  readonly kernel: string;
  /** Path of the variable that the output grows with: the kernel, or under weight normalization its lengths. */
  readonly factor: string;
  /** Path of its bias, if it has one that is trained. */
  readonly bias: string | undefined;
}

/** Kernels that preparations scale unless told otherwise. */
export const allKernels = '**/kernel';

/** Layers whose kernel is trained and matches the glob, in the order in which they are applied. @throws ConfigError when there is none */
export function kernelLayers({ variables, trained }: StartingModel, owner: string, match: string): KernelLayer[] {
  const kernels = [...variables.keys()].filter((path) => trained.has(path) && matchPath(match, path));
  if (kernels.length === 0) {
    throw new ConfigError(
      `${owner}: "${match}" matches no parameter that is trained. Those are ${[...trained].join(', ')}.`,
      'config.unknown',
    );
  }
  return kernels.map((kernel) => {
    const path = kernel.slice(0, Math.max(0, kernel.lastIndexOf('/')));
    const bias = joinPath(path, 'bias');
    const length = [...variables.keys()].find((variable) => isLengthOf(path, variable));
    return { path, kernel, factor: length ?? kernel, bias: trained.has(bias) ? bias : undefined };
  });
}

/** Whether a variable is that of weight normalization in the kernel transform of a layer: `dense1/weightNorm/length`. */
function isLengthOf(layer: string, variable: string): boolean {
  const prefix = layer === '' ? '' : `${layer}/`;
  return variable.startsWith(prefix) && matchPath('**/weightNorm*/length', variable.slice(prefix.length));
}

/** Of the elements of an array or of one of its channels; the variance is divided by their number. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** Moments of all elements. @throws NumericError when they are not finite */
export function momentsOf(owner: string, layer: string, output: NdArray): Moments {
  return finiteMoments(owner, layer, output, 1)[0]!;
}

/** Moments of each channel, the last axis. @throws NumericError when they are not finite */
export function channelMoments(owner: string, layer: string, output: NdArray): Moments[] {
  return finiteMoments(owner, layer, output, output.shape.at(-1) ?? 1);
}

function finiteMoments(owner: string, layer: string, { data }: NdArray, channels: number): Moments[] {
  const moments = new FeatureMoments(featureOfElement([channels], [channels]), channels);
  moments.add(data);
  const { mean: means, variance: variances } = moments;
  return Array.from(means, (mean, channel) => {
    const variance = variances[channel]!;
    if (Number.isFinite(variance)) return { mean, variance };
    throw new NumericError(
      `${owner}: "${layer}" gives values that are not finite for the first batch. Smaller inputs or kernels usually help.`,
    );
  });
}

/** The array times one factor per channel of its last axis. */
export function scaledBy({ shape, dtype, data }: NdArray, factors: ArrayLike<number>): NdArray {
  return new HostArray(
    data.map((value, index) => value * factors[index % factors.length]!),
    shape,
    dtype,
  );
}
