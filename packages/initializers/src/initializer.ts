// What all initializers share: they are frozen records that allocate by shape and fill.
import type { Fans, ForeignNames, Initializer, Key, Options, Shape } from '@nn/core';
import { sizeOf } from '@nn/core';

/** Numbers that float32 holds: an option beyond them would start training at infinity. */
export const float32Range = { from: -3.4028234663852886e38, to: 3.4028234663852886e38 } as const;

/** Names other libraries use, and what they are here. */
export const foreignNames: ForeignNames = {
  gain: 'Give scale to varianceScaling, which is the square of the gain.',
  maxval: 'Give high.',
  minval: 'Give low.',
  seed: 'The network or trainer has the seed; every variable draws from a stream of its own.',
  std: 'Give deviation.',
  stddev: 'Give deviation.',
};

/** Fills an array of zeros with at least one element. */
export type Fill = (out: Float32Array, fans: Fans | null, key: Key, shape: Shape) => void;

/** An initializer that fills a new array. */
export function initializerOf(kind: string, options: Options, fill: Fill): Initializer {
  return Object.freeze<Initializer>({
    kind,
    options: Object.freeze(options),
    fill(shape, fans, key) {
      const out = new Float32Array(sizeOf(shape));
      if (out.length > 0) fill(out, fans, key, shape);
      return out;
    },
  });
}
