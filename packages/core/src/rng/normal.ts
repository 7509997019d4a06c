// Normal and truncated normal numbers on the host, one word of the stream for each, with the same bits in every engine.
import { ConfigError } from '../errors/errors.ts';
import { normalQuantile } from './normalQuantile.ts';
import type { Key } from './threefry.ts';
import { fillBits } from './threefry.ts';

/** Mean and standard deviation of the numbers drawn. */
export interface NormalOptions {
  readonly mean?: number;
  readonly deviation?: number;
}

/**
 * Fills `out` with the first elements of a stream as normal numbers (default: mean 0, deviation 1). A longer `out` starts with the same ones.
 * @throws ConfigError for a mean or deviation that is not finite, or a negative deviation
 */
export function fillNormal(key: Key, out: Float32Array, options: NormalOptions = {}): void {
  fillQuantiles(key, out, options, 1, 1);
}

/**
 * Fills `out` as {@link fillNormal}, from the part of a normal distribution within two of its own deviations.
 * Cutting the tails narrows a distribution, so a wider one is cut: `deviation` is that of the numbers drawn, and none is further
 * from the mean than 2.2737 of it. Drawn by inversion rather than by rejection, so that each takes one word.
 * @throws ConfigError as {@link fillNormal}
 */
export function fillTruncatedNormal(key: Key, out: Float32Array, options: NormalOptions = {}): void {
  fillQuantiles(key, out, options, massWithinTwo, deviationWithinTwo);
}

/** The probability that a standard normal lies within ±2. */
const massWithinTwo = 0.9544997361036416;
/** The standard deviation of a standard normal within ±2: √(1 − 4 φ(2) / mass). */
const deviationWithinTwo = 0.8796256610342398;

/** Standard normal quantiles of probabilities spread evenly over the middle `mass`, scaled from `spread` to the deviation asked for. */
function fillQuantiles(key: Key, out: Float32Array, options: NormalOptions, mass: number, spread: number): void {
  const { mean = 0, deviation = 1 } = options;
  if (!Number.isFinite(mean) || !Number.isFinite(deviation) || deviation < 0) {
    throw new ConfigError(
      `Normal numbers need a finite mean and a finite deviation of at least 0; mean ${mean} and deviation ${deviation} were given.`,
    );
  }
  const scale = deviation / spread;
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  fillBits(key, bits);
  for (let index = 0; index < out.length; index++) {
    // The middle of the word's cell, counted from one half: never ±1/2, and exact.
    const centered = (2 * bits[index]! + 1 - 2 ** 32) * 2 ** -33;
    out[index] = mean + scale * normalQuantile(centered * mass);
  }
}
