// Which initializer goes with which activation: the pairs of lecture 002, LeCun's for self-normalizing networks, and gains.
import type { Initializer } from '@nn/core';
import { checkChoice, checkNumber, resolveOptions } from '@nn/core';
import { glorotNormal } from './glorot.ts';
import { heNormal } from './he.ts';
import { lecunNormal } from './lecun.ts';

/** Activations with a known pairing. */
export type PairedActivation = 'linear' | 'sigmoid' | 'softmax' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' | 'gelu' | 'silu' | 'selu';

/** What the pairing depends on beside the kind of the activation. */
export interface ActivationOptions {
  /** Of leakyRelu below 0: default 0.01. */
  readonly slope?: number;
}

interface Pairing {
  initializer(slope: number): Initializer;
  gain(slope: number): number;
}

const pairs: Record<PairedActivation, Pairing> = {
  linear: { initializer: () => glorotNormal(), gain: () => 1 },
  sigmoid: { initializer: () => glorotNormal(), gain: () => 1 },
  softmax: { initializer: () => glorotNormal(), gain: () => 1 },
  tanh: { initializer: () => glorotNormal(), gain: () => 5 / 3 },
  relu: { initializer: () => heNormal(), gain: () => Math.SQRT2 },
  leakyRelu: {
    initializer: (negativeSlope) => heNormal({ negativeSlope }),
    gain: (slope) => Math.sqrt(2 / (1 + slope * slope)),
  },
  elu: { initializer: () => heNormal(), gain: () => 1.2451983007007066 },
  gelu: { initializer: () => heNormal(), gain: () => 1.5335304411955353 },
  silu: { initializer: () => heNormal(), gain: () => 1.676532470331091 },
  selu: { initializer: () => lecunNormal(), gain: () => 1 },
};

/**
 * The initializer for the kernel in front of an activation, by the activation's kind: Glorot for those that saturate on both sides,
 * He for those that cut off one, LeCun for selu.
 *
 * @throws ConfigError for an activation without a pairing, and for options out of range
 */
export function initializerFor(activation: PairedActivation, options: ActivationOptions = {}): Initializer {
  return pairingOf('initializerFor', activation).initializer(slopeOf('initializerFor', options));
}

/**
 * What the deviation √(1/fanIn) of a kernel is multiplied by so that an activation after it gives the second moment it was given:
 * 1/√E[f(z)²] for a normal z. That is He's √2 for relu, √(2/(1 + slope²)) for leakyRelu, 1 for selu; 1.2452, 1.5335 and 1.6765 for elu,
 * gelu and silu. Saturating ones have the customary 1, and tanh 5/3 (its own would be 1.59). For `orthogonal`, `glorotNormal` and the
 * square for `varianceScaling`.
 *
 * @throws ConfigError for an activation without a pairing, and for options out of range
 */
export function gainFor(activation: PairedActivation, options: ActivationOptions = {}): number {
  return pairingOf('gainFor', activation).gain(slopeOf('gainFor', options));
}

function pairingOf(owner: string, activation: PairedActivation): Pairing {
  return pairs[checkChoice(owner, 'activation', activation, Object.keys(pairs) as PairedActivation[])];
}

function slopeOf(owner: string, options: ActivationOptions): number {
  const { slope } = resolveOptions<Required<ActivationOptions>>(owner, options, { slope: 0.01 });
  return checkNumber(owner, 'slope', slope);
}
