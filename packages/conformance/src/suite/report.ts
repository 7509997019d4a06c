// Results as text: a matrix of subjects and backends, what is not supported, what failed, and the coverage.
import type { Capabilities } from '@nn/core';
import type { CaseReport, CaseStatus } from './contract.ts';

/** How many reports have each status. */
export function countStatuses(reports: readonly Pick<CaseReport, 'status'>[]): Record<CaseStatus, number> {
  const counts: Record<CaseStatus, number> = { pass: 0, fail: 0, unsupported: 0, skipped: 0 };
  for (const { status } of reports) counts[status] += 1;
  return counts;
}

/** Of one subject on one backend: the cases, and the largest error as a part of what is allowed. */
export interface MatrixCell {
  readonly subject: string;
  readonly backend: string;
  readonly counts: Readonly<Record<CaseStatus, number>>;
  /** Above 1 it is too large; 0 where all results are equal. */
  readonly worst: number;
}

/** The matrix, row by row: a subject on each backend. */
export function matrixOf(reports: readonly CaseReport[]): MatrixCell[][] {
  const bySubject = groups(reports, ({ subject }) => subject);
  const backends = unique(reports.map(({ backend }) => backend));
  return [...bySubject].map(([subject, own]) => {
    const byBackend = groups(own, ({ backend }) => backend);
    return backends.map((backend) => {
      const cases = byBackend.get(backend) ?? [];
      return { subject, backend, counts: countStatuses(cases), worst: cases.reduce((worst, report) => Math.max(worst, partOf(report)), 0) };
    });
  });
}

/** What backends declare, by their names in reports. */
export type Declared = Readonly<Record<string, Capabilities>>;

/** Lines for a person, the coverage last. */
export function reportLines(reports: readonly CaseReport[], declared: Declared = {}): string[] {
  const declarations = Object.entries(declared).map(([name, capabilities]) => `${name} declares ${capabilityText(capabilities)}.`);
  return [
    ...declarations,
    '',
    ...matrixLines(reports),
    '',
    ...notCoveredLines(reports),
    ...failureLines(reports),
    ...coverageLines(reports),
  ];
}

/** `40 0.3 %`: cases that pass, and the largest error as a part of what is allowed; `38 (2 FAIL) 120 %`. */
export function cellText({ counts: { pass, fail, unsupported, skipped }, worst }: Pick<MatrixCell, 'counts' | 'worst'>): string {
  const notes = [
    ...(fail > 0 ? [`${fail} FAIL`] : []),
    ...(unsupported > 0 ? [`${unsupported} unsupported`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const error = pass + fail === 0 ? '' : ` ${percent(worst)}`;
  return `${pass}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}${error}`;
}

/** One line per backend: `cpu: 1387/1388`, what passes of all there is. */
export function coverageLines(reports: readonly CaseReport[]): string[] {
  return [...groups(reports, ({ backend }) => backend)].map(([backend, own]) => {
    const { pass, fail } = countStatuses(own);
    return `${backend}: ${fail === 0 ? 'no case fails' : `${fail} cases fail`}, ${pass}/${own.length}`;
  });
}

/** What a backend declares, in a few words. */
export function capabilityText(capabilities: Capabilities): string {
  const { precision, accuracy = 'library', strictFloat, subnormals, exactIntegers, threads, notes = [] } = capabilities;
  const missing = Object.entries({ strictFloat, subnormals, exactIntegers }).flatMap(([name, has]) => (has ? [] : [name]));
  return [
    `precision ${precision}`,
    `accuracy ${accuracy}`,
    `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(missing.length === 0 ? [] : [`no ${missing.join(', no ')}`]),
    ...notes,
  ].join('; ');
}

function partOf({ measured = 0, allowed = 0 }: CaseReport): number {
  return measured === 0 ? 0 : measured / allowed;
}

function percent(part: number): string {
  if (part > 0 && part < 1e-4) return '< 0.01 %';
  if (part >= 1 && Number.isFinite(part)) return `${Math.round(100 * part)} %`;
  return Number.isFinite(part) ? `${(100 * part).toPrecision(2)} %` : 'beyond bounds';
}

function matrixLines(reports: readonly CaseReport[]): string[] {
  const rows = matrixOf(reports).map((cells) => [cells[0]!.subject, ...cells.map(cellText)]);
  const heading = ['subject', ...unique(reports.map(({ backend }) => backend))];
  return ['Cases that pass, and the largest error as a part of what is allowed:', ...aligned([heading, ...rows])];
}

function notCoveredLines(reports: readonly CaseReport[]): string[] {
  const left = reports.filter(({ status }) => status === 'unsupported' || status === 'skipped');
  if (left.length === 0) return [];
  const reasons = groups(left, ({ backend, status, reason }) => `${backend}, ${status}: ${reason}`);
  return ['Not covered:', ...aligned([...reasons].map(([reason, own]) => [`  ${reason}`, String(own.length)])), ''];
}

function failureLines(reports: readonly CaseReport[]): string[] {
  return reports.filter(({ status }) => status === 'fail').flatMap((report) => [...failureText(report), '']);
}

/** All that is known of a failure. */
export function failureText({ id, backend, reason, evidence, rerun }: CaseReport): string[] {
  const parts = Object.entries({ program: evidence?.program, expected: evidence?.expected, actual: evidence?.actual });
  return [
    `FAIL ${id} on ${backend}: ${reason}`,
    ...parts.flatMap(([title, text]) => (text === undefined ? [] : [`     ${title}:`, ...indented(text)])),
    `     again: ${rerun}`,
  ];
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `       ${line}`);
}

function groups<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group === undefined) found.set(key(item), [item]);
    else group.push(item);
  }
  return found;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Columns padded to their widest entry. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((entry, column) => entry.padEnd(widths[column]!))
      .join('   ')
      .trimEnd(),
  );
}
