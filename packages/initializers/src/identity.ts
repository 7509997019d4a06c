// Identity kernels: a layer that starts by handing on what it is given.
import type { Fans, Initializer, Shape } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions, sizeOf } from '@nn/core';
import { kernelMatrices } from './groups.ts';
import { float32Range, foreignNames, initializerOf } from './initializer.ts';

export interface IdentityOptions {
  /** What stands on the diagonal: default 1. */
  readonly gain?: number;
}

/**
 * The identity times `gain`: output i is input i, and outputs or inputs without a partner have zeros. A convolution [height, width, in,
 * out] has it in the middle of its window, where padding 'same' gives the image back; each group of channels has one of its own.
 * Source: Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015).
 *
 * @throws ConfigError for a gain that is not finite; ShapeError when filling a variable of rank below 2
 */
export const identity = defineFactory('identity', createIdentity, createIdentity);

function createIdentity(options: IdentityOptions = {}): Initializer {
  const resolved = resolveOptions<Required<IdentityOptions>>('identity', options, { gain: 1 }, foreignNames);
  checkNumber('identity', 'gain', resolved.gain, float32Range);
  return initializerOf('identity', resolved, (out, fans, _key, shape) => fillIdentity(out, shape, fans, resolved.gain));
}

function fillIdentity(out: Float32Array, shape: Shape, fans: Fans | null, gain: number): void {
  const { columns, groups, indexOf } = kernelMatrices('identity', shape, fans);
  const channelsIn = shape.at(-2)!;
  const middle = middleCell(shape.slice(0, -2)) * channelsIn;
  for (let group = 0; group < groups; group++) {
    for (let channel = 0; channel < Math.min(channelsIn, columns); channel++) out[indexOf(group, middle + channel, channel)] = gain;
  }
}

/** The cell in the middle of a window; of an even number the first of the two, as padding 'same' puts the odd zero behind. */
function middleCell(window: Shape): number {
  return window.reduce((cell, extent, axis) => cell + Math.floor((extent - 1) / 2) * sizeOf(window.slice(axis + 1)), 0);
}
