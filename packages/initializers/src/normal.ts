// Normal numbers, whole or with their tails cut off.
import type { Initializer, NormalOptions } from '@nn/core';
import { checkNumber, defineFactory, fillNormal, fillTruncatedNormal, resolveOptions } from '@nn/core';
import { float32Range, foreignNames, initializerOf } from './initializer.ts';

/**
 * Normal numbers with `mean` (default 0) and standard `deviation` (default 0.05).
 * @throws ConfigError for a negative deviation and for numbers that are not finite in float32
 */
export const normal = defineFactory('normal', createNormal, createNormal);

/**
 * Normal numbers without the tails beyond two deviations. `mean` (default 0) and `deviation` (default 0.05) are those of the numbers
 * drawn: cutting a normal distribution at two deviations leaves 0.8796 of its deviation, so one wider by 1/0.8796 is cut, and no
 * value is further than 2.2737 deviations from the mean.
 * @throws ConfigError as {@link normal}
 */
export const truncatedNormal = defineFactory('truncatedNormal', createTruncatedNormal, createTruncatedNormal);

function createNormal(options: NormalOptions = {}): Initializer {
  const resolved = resolveNormal('normal', options);
  return initializerOf('normal', resolved, (out, _, key) => fillNormal(key, out, resolved));
}

function createTruncatedNormal(options: NormalOptions = {}): Initializer {
  const resolved = resolveNormal('truncatedNormal', options);
  return initializerOf('truncatedNormal', resolved, (out, _, key) => fillTruncatedNormal(key, out, resolved));
}

function resolveNormal(kind: string, options: NormalOptions): { readonly mean: number; readonly deviation: number } {
  const resolved = resolveOptions(kind, options, { mean: 0, deviation: 0.05 }, foreignNames);
  checkNumber(kind, 'mean', resolved.mean, float32Range);
  checkNumber(kind, 'deviation', resolved.deviation, { ...float32Range, from: 0 });
  return resolved;
}
