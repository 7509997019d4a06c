// He (Kaiming) initialization: variance 2 / fan, because a ReLU passes half of what comes in. For relu, leakyRelu and elu.
// Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015).
import type { Initializer } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { foreignNames } from './initializer.ts';
import { normalSpreadFor, uniformSpread } from './spread.ts';
import type { FanMode } from './varianceScaling.ts';
import { checkMode, scaledInitializer } from './varianceScaling.ts';

export interface HeUniformOptions {
  /** `'fanIn'` (default) keeps the variance of activations, `'fanOut'` that of gradients. */
  readonly mode?: FanMode;
  /** Slope of the activation below 0, default 0: a leaky ReLU passes (1 + slope²)/2. */
  readonly negativeSlope?: number;
}

export interface HeNormalOptions extends HeUniformOptions {
  /** Cut the tails beyond two deviations, keeping the variance: default false. */
  readonly truncated?: boolean;
}

const defaults: Required<HeUniformOptions> = { mode: 'fanIn', negativeSlope: 0 };

/**
 * Normal numbers with mean 0 and variance 2 / ((1 + negativeSlope²) · fan); lecture 002.
 * @throws ConfigError for options out of range, and when filling a variable that has no fans
 */
export const heNormal = defineFactory('heNormal', createHeNormal, createHeNormal);

/**
 * Uniform numbers within ±√(6 / ((1 + negativeSlope²) · fan)); lecture 002.
 * @throws ConfigError for options out of range, and when filling a variable that has no fans
 */
export const heUniform = defineFactory('heUniform', createHeUniform, createHeUniform);

function createHeNormal(options: HeNormalOptions = {}): Initializer {
  const resolved = resolveOptions('heNormal', options, { ...defaults, truncated: false }, foreignNames);
  return scaledInitializer('heNormal', resolved, {
    ...scaleAndMode('heNormal', resolved),
    spread: normalSpreadFor('heNormal', resolved.truncated),
  });
}

function createHeUniform(options: HeUniformOptions = {}): Initializer {
  const resolved = resolveOptions('heUniform', options, defaults, foreignNames);
  return scaledInitializer('heUniform', resolved, { ...scaleAndMode('heUniform', resolved), spread: uniformSpread });
}

function scaleAndMode(kind: string, { mode, negativeSlope }: Required<HeUniformOptions>): { scale: number; mode: FanMode } {
  const slope = checkNumber(kind, 'negativeSlope', negativeSlope);
  return { scale: 2 / (1 + slope * slope), mode: checkMode(kind, mode) };
}
