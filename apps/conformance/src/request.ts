// What the address of the page asks for: ?backend=cpu&tier=quick&filter=softmax. Every run has an address, so it can be repeated and sent on.
import type { Tier } from '@nn/conformance';
import { tiers } from '@nn/conformance';
import { candidates } from './candidates.ts';

export interface RunRequest {
  /** Names of candidates; none: nothing is run yet. */
  readonly backends: readonly string[];
  readonly tier: Tier;
  /** Only cases whose id contains this. */
  readonly filter: string;
  /** Random data are drawn with it. */
  readonly seed: number;
}

/** @throws RangeError that says which part of the address is wrong */
export function parseRequest(search: string): RunRequest {
  const parameters = new URLSearchParams(search);
  const seed = Number(parameters.get('seed') ?? 1);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed=${parameters.get('seed')}: a whole number from 0 on is needed.`);
  const names = candidates.map(({ name }) => name);
  return {
    backends: parameters.getAll('backend').map((name) => oneOf('backend', name, names)),
    tier: oneOf('tier', parameters.get('tier') ?? 'quick', tiers),
    filter: parameters.get('filter') ?? '',
    seed,
  };
}

function oneOf<T extends string>(parameter: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new RangeError(`${parameter}=${value} is not known. There is ${allowed.join(', ')}.`);
  return found;
}

/** The address that repeats a run, relative to the page. */
export function addressOf({ backends, tier, filter, seed }: RunRequest): string {
  const parameters = new URLSearchParams(backends.map((name) => ['backend', name]));
  parameters.set('tier', tier);
  if (filter !== '') parameters.set('filter', filter);
  if (seed !== 1) parameters.set('seed', String(seed));
  return `?${parameters}`;
}
