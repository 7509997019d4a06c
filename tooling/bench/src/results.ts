// The outcome of a run, as it is written to a JSON file and read again.
import type { Outcome } from './measure.ts';
import { median } from './statistics.ts';
import type { Workload } from './workloads.ts';

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly group: string;
}

export interface Row extends Workload {
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

export interface Results {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
  };
  readonly threads: number;
  readonly settings: { readonly rounds: number; readonly warmUp: number; readonly slice: number };
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** What a contender's rounds were, or undefined where it has none. */
export function roundsOf(row: Row, contender: string): readonly number[] | undefined {
  const outcome = row.outcomes[contender];
  return outcome === undefined || 'error' in outcome ? undefined : outcome.rounds;
}

/** Milliseconds per run: the median of all rounds. */
export function millisecondsOf(row: Row, contender: string): number | undefined {
  const rounds = roundsOf(row, contender);
  return rounds && median(rounds);
}

/** The best of all rounds: what a limit is, since a disturbance can only make it look lower. */
export function bestMillisecondsOf(row: Row, contender: string): number | undefined {
  const rounds = roundsOf(row, contender);
  return rounds && Math.min(...rounds);
}

/** How often `b` fits into `a`: the median of the rounds' ratios, because what disturbs one round disturbs both. */
export function ratio(row: Row, a: string, b: string): number | undefined {
  const [above, below] = [roundsOf(row, a), roundsOf(row, b)];
  if (above === undefined || below === undefined) return undefined;
  return median(above.slice(0, below.length).map((milliseconds, round) => milliseconds / below[round]!));
}

/** The fastest contender of a group on a row. */
export function fastestOf(results: Results, row: Row, group: string): string | undefined {
  return results.columns
    .filter((column) => column.group === group && roundsOf(row, column.name) !== undefined)
    .map(({ name }) => name)
    .toSorted((a, b) => millisecondsOf(row, a)! - millisecondsOf(row, b)!)[0];
}

/** Contenders whose result differs from ours by more than a thousandth, with the difference. */
export function disagreements(row: Row, ours: string): { readonly contender: string; readonly check: number; readonly expected: number }[] {
  const expected = checkOf(row.outcomes[ours]);
  if (expected === undefined) return [];
  return Object.entries(row.outcomes).flatMap(([contender, outcome]) => {
    const check = checkOf(outcome);
    return check === undefined || Math.abs(check - expected) <= 1e-3 * Math.max(1, Math.abs(expected))
      ? []
      : [{ contender, check, expected }];
  });
}

const checkOf = (outcome: Outcome): number | undefined => (outcome === undefined || 'error' in outcome ? undefined : outcome.check);
