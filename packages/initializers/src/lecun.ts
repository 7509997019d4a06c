// LeCun initialization: variance 1 / fanIn, which keeps the variance of a weighted sum of standardized inputs. For selu, and for
// tanh where only the forward pass counts. Source: LeCun, Bottou, Orr, Müller, "Efficient backprop" (1998).
import type { Initializer, NoOptions } from '@nn/core';
import { defineFactory, resolveOptions } from '@nn/core';
import { foreignNames } from './initializer.ts';
import { normalSpreadFor, uniformSpread } from './spread.ts';
import { scaledInitializer } from './varianceScaling.ts';

export interface LecunNormalOptions {
  /** Cut the tails beyond two deviations, keeping the variance: default false. */
  readonly truncated?: boolean;
}

/**
 * Normal numbers with mean 0 and deviation √(1/fanIn). Lecture 002 writes "variance = √(1/n)": a slip, that is the deviation.
 * @throws ConfigError for options out of range, and when filling a variable that has no fans
 */
export const lecunNormal = defineFactory('lecunNormal', createLecunNormal, createLecunNormal);

/**
 * Uniform numbers within ±√(3/fanIn).
 * @throws ConfigError when filling a variable that has no fans
 */
export const lecunUniform = defineFactory('lecunUniform', createLecunUniform, createLecunUniform);

function createLecunNormal(options: LecunNormalOptions = {}): Initializer {
  const resolved = resolveOptions('lecunNormal', options, { truncated: false }, foreignNames);
  return scaledInitializer('lecunNormal', resolved, {
    scale: 1,
    mode: 'fanIn',
    spread: normalSpreadFor('lecunNormal', resolved.truncated),
  });
}

function createLecunUniform(given: NoOptions = {}): Initializer {
  return scaledInitializer('lecunUniform', resolveOptions('lecunUniform', given, {}, foreignNames), {
    scale: 1,
    mode: 'fanIn',
    spread: uniformSpread,
  });
}
