// The limits that a run measured beside its contenders.
import { limitsContender } from '../contenders.ts';
import type { Limits } from '../limits.ts';
import { limitsFrom } from '../limits.ts';
import type { Results } from '../results.ts';
import { bestMillisecondsOf } from '../results.ts';

export function limitsOf({ rows }: Results): Limits {
  const taken = new Map(rows.map((row) => [row.name, bestMillisecondsOf(row, limitsContender)]));
  return limitsFrom(rows, (name) => taken.get(name));
}
