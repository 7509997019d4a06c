// Laws of random numbers with mean 0 and a given variance. Each stands alone, so that bundles hold those that are used.
import type { Key } from '@nn/core';
import { checkFlag, fillNormal, fillTruncatedNormal } from '@nn/core';
import { fillBetween } from './uniform.ts';

/** Fills an array with numbers of the law. */
export type Spread = (key: Key, out: Float32Array, variance: number) => void;

/** Within ±√(3 · variance), because a uniform distribution on ±a has the variance a²/3. */
export const uniformSpread: Spread = (key, out, variance) => {
  const limit = Math.sqrt(3 * variance);
  fillBetween(key, out, -limit, limit);
};

export const normalSpread: Spread = (key, out, variance) => fillNormal(key, out, { deviation: Math.sqrt(variance) });

export const truncatedNormalSpread: Spread = (key, out, variance) => fillTruncatedNormal(key, out, { deviation: Math.sqrt(variance) });

/** The law that a `truncated` option means. @throws ConfigError unless it is true or false */
export function normalSpreadFor(kind: string, truncated: boolean): Spread {
  return checkFlag(kind, 'truncated', truncated) ? truncatedNormalSpread : normalSpread;
}
