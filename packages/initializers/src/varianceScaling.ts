// Kernels whose variance is chosen by their number of connections, so that signals neither grow nor fade from layer to layer.
import type { Fans, Initializer, Options } from '@nn/core';
import { ConfigError, checkChoice, checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { foreignNames, initializerOf } from './initializer.ts';
import type { Spread } from './spread.ts';
import { normalSpread, truncatedNormalSpread, uniformSpread } from './spread.ts';

/** What the variance is divided by. */
export type FanMode = 'fanIn' | 'fanOut' | 'fanAverage';

/** The law of the numbers; all have the same variance. */
export type Distribution = 'normal' | 'truncatedNormal' | 'uniform';

export interface VarianceScalingOptions {
  /** The variance times the fan, above 0: default 1. It is the square of a gain. */
  readonly scale?: number;
  /** Default `'fanIn'`. */
  readonly mode?: FanMode;
  /** Default `'truncatedNormal'`. */
  readonly distribution?: Distribution;
}

/**
 * Mean 0 and variance scale / fan, where the fan is the number of connections into a unit, out of it, or their average.
 * The uniform limit is √(3 · scale / fan), because a uniform distribution on ±a has the variance a²/3.
 * Source: lecture 003: the sum of n products has n · Var(w) · Var(x), which is Var(x) for Var(w) = 1/n.
 *
 * @throws ConfigError for a scale that is not above 0 and finite, and for an unknown mode or distribution; when filling a variable
 * that has no fans
 */
export const varianceScaling = defineFactory('varianceScaling', createVarianceScaling, createVarianceScaling);

/** What the variance is, and the law of the numbers. */
export interface Scaling {
  readonly scale: number;
  readonly mode: FanMode;
  readonly spread: Spread;
}

function createVarianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const defaults: Required<VarianceScalingOptions> = { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' };
  const resolved = resolveOptions('varianceScaling', options, defaults, foreignNames);
  checkMode('varianceScaling', resolved.mode);
  checkChoice('varianceScaling', 'distribution', resolved.distribution, Object.keys(spreads));
  checkNumber('varianceScaling', 'scale', resolved.scale, { above: 0 });
  return scaledInitializer('varianceScaling', resolved, { ...resolved, spread: spreads[resolved.distribution] });
}

/** Variance scaling under a name of its own: `options` are what the user chose, `scaling` what that means. */
export function scaledInitializer(kind: string, options: Options, { scale, mode, spread }: Scaling): Initializer {
  return initializerOf(kind, options, (out, fans, key) => {
    spread(key, out, scale / fanOf(kind, mode, fans));
  });
}

/** Returns `mode`. @throws ConfigError unless it is a {@link FanMode} */
export function checkMode(kind: string, mode: FanMode): FanMode {
  return checkChoice(kind, 'mode', mode, Object.keys(fanBy) as FanMode[]);
}

const spreads: Record<Distribution, Spread> = {
  normal: normalSpread,
  truncatedNormal: truncatedNormalSpread,
  uniform: uniformSpread,
};

const fanBy: Record<FanMode, (fans: Fans) => number> = {
  fanIn: ({ fanIn }) => fanIn,
  fanOut: ({ fanOut }) => fanOut,
  fanAverage: ({ fanIn, fanOut }) => (fanIn + fanOut) / 2,
};

function fanOf(kind: string, mode: FanMode, fans: Fans | null): number {
  if (fans === null) {
    throw new ConfigError(
      `${kind} divides by the connections of a kernel, and this variable (a bias, gamma or beta?) has none. ` +
        'Use zeros(), ones(), constant(value), normal({ deviation }) or uniform({ low, high }).',
    );
  }
  return checkNumber(kind, mode, fanBy[mode](fans), { above: 0 });
}
