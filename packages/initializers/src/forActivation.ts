// Which initializer goes with which activation: the pairs of lecture 002, and LeCun's for self-normalizing networks.
import type { Initializer } from '@nn/core';
import { checkChoice } from '@nn/core';
import { glorotNormal } from './glorot.ts';
import { heNormal } from './he.ts';
import { lecunNormal } from './lecun.ts';

/** Activations with a known pairing. */
export type PairedActivation = 'linear' | 'sigmoid' | 'softmax' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' | 'selu';

const pairs: Record<PairedActivation, () => Initializer> = {
  linear: glorotNormal,
  sigmoid: glorotNormal,
  softmax: glorotNormal,
  tanh: glorotNormal,
  relu: heNormal,
  leakyRelu: () => heNormal({ negativeSlope: 0.01 }),
  elu: heNormal,
  selu: lecunNormal,
};

/**
 * The initializer for the kernel in front of an activation, by the activation's kind: Glorot for those that saturate on both sides,
 * He for those that cut off one, LeCun for selu. For another slope of leakyRelu write `heNormal({ negativeSlope })`.
 *
 * @throws ConfigError for an activation without a pairing
 */
export function initializerFor(activation: PairedActivation): Initializer {
  return pairs[checkChoice('initializerFor', 'activation', activation, Object.keys(pairs) as PairedActivation[])]();
}
