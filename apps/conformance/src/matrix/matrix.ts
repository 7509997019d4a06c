// The support matrix: what the reports of many cases say about each subject on each backend.
import type { CaseReport } from '@nn/conformance';

/** `partial`: some cases pass, and the others cannot be run on the backend. */
export type CellStatus = 'pass' | 'partial' | 'unsupported' | 'fail';

/** What became of one subject on one backend. */
export interface Cell {
  readonly status: CellStatus;
  /** Cases that pass. */
  readonly covered: number;
  readonly total: number;
  /** The largest error among the cases that pass, as a part of what is allowed, to two digits; 0 where all results are exact. */
  readonly worst: number;
}

export interface Row {
  /** An op, `layer batchNorm`, `optimizer adam`, … */
  readonly subject: string;
  /** By the name of the backend. */
  readonly cells: Readonly<Record<string, Cell>>;
}

/** One row for each subject, in the order in which reports name them. */
export function matrixOf(reports: readonly CaseReport[]): Row[] {
  return [...groupBy(reports, ({ subject }) => subject)].map(([subject, about]) => {
    const byBackend = groupBy(about, ({ backend }) => backend);
    return { subject, cells: Object.fromEntries([...byBackend].map(([backend, cases]) => [backend, cellOf(cases)])) };
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Many reports as one. */
export function cellOf(reports: readonly CaseReport[]): Cell {
  const passed = reports.filter(({ status }) => status === 'pass');
  const covered = passed.length;
  return { status: statusOf(reports, covered), covered, total: reports.length, worst: rounded(Math.max(0, ...passed.map(share))) };
}

/** Two digits, which is what people are shown. */
const rounded = (worst: number): number => Number(worst.toPrecision(2));

function statusOf(reports: readonly CaseReport[], covered: number): CellStatus {
  if (reports.some(({ status }) => status === 'fail')) return 'fail';
  if (covered === reports.length) return 'pass';
  return covered === 0 ? 'unsupported' : 'partial';
}

/** The error of a case as a part of what is allowed. */
function share({ measured = 0, allowed = 0 }: CaseReport): number {
  return measured === 0 ? 0 : measured / allowed;
}

/** A share for people: `31 %`, `exact`. */
function shareText(worst: number): string {
  if (worst === 0) return 'exact';
  return worst < 0.01 ? '< 1 %' : `${Math.round(worst * 100)} %`;
}

/** A cell for people, in few characters. */
export function cellText({ status, covered, total, worst }: Cell): string {
  switch (status) {
    case 'pass':
      return shareText(worst);
    case 'partial':
      return `${covered}/${total}, ${shareText(worst)}`;
    case 'unsupported':
      return 'unsupported';
    case 'fail':
      return `FAIL ${covered}/${total}`;
  }
}
