// What cases ask of a backend before they say anything about it, and what its arithmetic is allowed.
import type { Accuracy, Capabilities } from '@nn/core';
import type { CaseContext } from './contract.ts';

/** For cases about NaN, infinities and the sign of zero. */
export function needsStrictFloat({ strictFloat }: Capabilities): string | undefined {
  return strictFloat ? undefined : 'NaN, infinities and the sign of zero are not kept (strictFloat: false)';
}

/** For cases about numbers below 1.2e-38. */
export function needsSubnormals({ subnormals }: Capabilities): string | undefined {
  return subnormals ? undefined : 'numbers below 1.2e-38 become zero (subnormals: false)';
}

/** For cases with integers that float32 does not hold. */
export function needsExactIntegers({ exactIntegers }: Capabilities): string | undefined {
  return exactIntegers ? undefined : 'integers beyond 2^24 are not exact (exactIntegers: false)';
}

/** For cases that compare the backend with itself on other numbers of threads. */
export function needsPeers({ threads }: Capabilities, { peers }: CaseContext): string | undefined {
  if (peers !== undefined) return undefined;
  return threads === 1
    ? 'it runs on one thread (threads: 1)'
    : 'the run was not given the same backend on other numbers of threads (peers)';
}

const factors = { library: 1, relaxed: 4, shader: 4 } as const satisfies Record<Accuracy, number>;

/** What all tolerances are multiplied with, as long as nobody says otherwise. */
export function factorOf({ accuracy = 'library' }: Capabilities): number {
  return factors[accuracy];
}
