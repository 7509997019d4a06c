// Random numbers of one transform of one image: a stream that follows from seed, transform, sample and epoch alone.
import type { Key } from '@nn/core';
import { fillNormal, fillUniform, threefry2x32 } from '@nn/core';

export interface Draws {
  /** A number in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included, all equally likely up to one part in 2²⁴. */
  integer(low: number, high: number): number;
  /** Uniform numbers in [0, 1). */
  uniform(count: number): Float32Array;
  /** Normal numbers with mean 0 and deviation 1. */
  normal(count: number): Float32Array;
}

/** Which stream: `transform` is a hash of its place in the list. */
export interface DrawsAt {
  readonly seed: number;
  readonly transform: number;
  readonly sample: number;
  readonly epoch: number;
}

export function drawsAt({ seed, transform, sample, epoch }: DrawsAt): Draws {
  const key: Key = threefry2x32([seed, transform], [sample, epoch]);
  const few = new Float32Array(4);
  let taken = 0;
  const next = (): number => {
    const index = taken % few.length;
    if (index === 0) fillUniform(key, few, taken);
    taken += 1;
    return few[index]!;
  };
  // Arrays have keys of their own, so that they do not overlap with single numbers.
  let arrays = 0;
  const nextKey = (): Key => threefry2x32(key, [arrays++, 1]);
  const filled = (count: number, fill: (key: Key, out: Float32Array) => void): Float32Array => {
    const out = new Float32Array(count);
    fill(nextKey(), out);
    return out;
  };
  return {
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor((high - low + 1) * next()),
    uniform: (count) => filled(count, fillUniform),
    normal: (count) => filled(count, fillNormal),
  };
}
