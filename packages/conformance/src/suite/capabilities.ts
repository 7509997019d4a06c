// What cases ask of a backend before they say anything about it.
import type { Capabilities } from '@nn/core';

/** For cases about NaN, infinities and the sign of zero. */
export function needsStrictFloat({ strictFloat }: Capabilities): string | undefined {
  return strictFloat ? undefined : 'NaN, infinities and the sign of zero are not kept (strictFloat: false)';
}

/** For cases about numbers below 1.2e-38. */
export function needsSubnormals({ subnormals }: Capabilities): string | undefined {
  return subnormals ? undefined : 'numbers below 1.2e-38 become zero (subnormals: false)';
}
