// Uniform numbers between two bounds.
import type { Initializer, Key } from '@nn/core';
import { ConfigError, checkNumber, defineFactory, fillUniform, resolveOptions } from '@nn/core';
import { float32Range, foreignNames, initializerOf } from './initializer.ts';

export interface UniformOptions {
  /** Smallest value, default −0.05. */
  readonly low?: number;
  /** Upper bound, default 0.05; values reach it only by rounding to float32. */
  readonly high?: number;
}

/**
 * Uniform numbers in [low, high): mean (low + high)/2, variance (high − low)²/12.
 * @throws ConfigError unless low < high, both finite in float32
 */
export const uniform = defineFactory('uniform', createUniform, createUniform);

function createUniform(options: UniformOptions = {}): Initializer {
  const resolved = resolveOptions('uniform', options, { low: -0.05, high: 0.05 }, foreignNames);
  const low = checkNumber('uniform', 'low', resolved.low, float32Range);
  const high = checkNumber('uniform', 'high', resolved.high, float32Range);
  if (low >= high) throw new ConfigError(`uniform: low is ${low} and high is ${high}; low must be below high.`);
  return initializerOf('uniform', resolved, (out, _, key) => fillBetween(key, out, low, high));
}

/** Fills `out` with uniform numbers in [low, high), rounded to float32. */
export function fillBetween(key: Key, out: Float32Array, low: number, high: number): void {
  fillUniform(key, out);
  const width = high - low;
  for (let index = 0; index < out.length; index++) out[index] = low + width * out[index]!;
}
