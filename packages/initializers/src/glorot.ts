// Glorot (Xavier) initialization: variance 2 / (fanIn + fanOut), between what forward and what backward signals need. For tanh,
// sigmoid and softmax. Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010).
import type { Initializer } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { foreignNames } from './initializer.ts';
import { normalSpreadFor, uniformSpread } from './spread.ts';
import { scaledInitializer } from './varianceScaling.ts';

export interface GlorotUniformOptions {
  /** Multiplies the deviation, above 0: default 1; 5/3 is used for tanh. */
  readonly gain?: number;
}

export interface GlorotNormalOptions extends GlorotUniformOptions {
  /** Cut the tails beyond two deviations, keeping the variance: default false. */
  readonly truncated?: boolean;
}

/**
 * Normal numbers with mean 0 and variance gain² · 2 / (fanIn + fanOut); lecture 000. (Lecture 002 calls √(1/fanIn) Xavier: that is
 * `lecunNormal`.)
 * @throws ConfigError for options out of range, and when filling a variable that has no fans
 */
export const glorotNormal = defineFactory('glorotNormal', createGlorotNormal, createGlorotNormal);

/**
 * Uniform numbers within ±gain · √(6 / (fanIn + fanOut)), whose variance is gain² · 2 / (fanIn + fanOut); lectures 000 and 002.
 * @throws ConfigError for options out of range, and when filling a variable that has no fans
 */
export const glorotUniform = defineFactory('glorotUniform', createGlorotUniform, createGlorotUniform);

function createGlorotNormal(options: GlorotNormalOptions = {}): Initializer {
  const resolved = resolveOptions('glorotNormal', options, { gain: 1, truncated: false }, foreignNames);
  const gain = checkNumber('glorotNormal', 'gain', resolved.gain, { above: 0 });
  const spread = normalSpreadFor('glorotNormal', resolved.truncated);
  return scaledInitializer('glorotNormal', resolved, { scale: gain * gain, mode: 'fanAverage', spread });
}

function createGlorotUniform(options: GlorotUniformOptions = {}): Initializer {
  const resolved = resolveOptions('glorotUniform', options, { gain: 1 }, foreignNames);
  const gain = checkNumber('glorotUniform', 'gain', resolved.gain, { above: 0 });
  return scaledInitializer('glorotUniform', resolved, { scale: gain * gain, mode: 'fanAverage', spread: uniformSpread });
}
