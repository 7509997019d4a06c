// The results of a suite as text: a table of families and backends, what waits, what failed, and the coverage.
import { share } from './compare.ts';
import type { SuiteResult } from './suite.ts';
import { countStatuses } from './suite.ts';

/** Lines for a person, the coverage last. */
export function reportLines(results: readonly SuiteResult[]): string[] {
  return [...familyTable(results), '', ...waitingLines(results), ...failureLines(results), ...coverageLines(results)];
}

/** `40` where all of a family pass, `38 (2 fail)`, `9 (1 waits)`; with the largest error as a part of what is allowed. */
export function cellText(results: readonly SuiteResult[]): string {
  const { pass, fail, waiting } = countStatuses(results);
  const notes = [...(fail > 0 ? [`${fail} FAIL`] : []), ...(waiting > 0 ? [`${waiting} waiting`] : [])];
  const worst = Math.max(0, ...results.map(({ worst: element }) => (element === undefined ? 0 : share(element))));
  const error = pass + fail === 0 ? '' : ` ${percent(worst)}`;
  return `${pass}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}${error}`;
}

function percent(part: number): string {
  if (part > 0 && part < 1e-4) return '< 0.01 %';
  return Number.isFinite(part) ? `${(100 * part).toPrecision(2)} %` : 'beyond bounds';
}

function familyTable(results: readonly SuiteResult[]): string[] {
  const backends = unique(results, ({ backend }) => backend);
  const rows = unique(results, ({ family }) => family).map((family) => [
    family,
    ...backends.map((backend) => cellText(results.filter((result) => result.family === family && result.backend === backend))),
  ]);
  return ['Cases that pass, and the largest error as a part of what is allowed:', ...aligned([['family', ...backends], ...rows])];
}

function waitingLines(results: readonly SuiteResult[]): string[] {
  // What waits, waits on every backend: it is the toolkit that lacks something.
  const waiting = results.filter(({ status, backend }) => status === 'waiting' && backend === results[0]?.backend);
  if (waiting.length === 0) return [];
  const reasons = unique(waiting, ({ reason }) => reason ?? '');
  const rows = reasons.map((reason) => [`  ${reason}`, String(waiting.filter((result) => result.reason === reason).length)]);
  return [`${waiting.length} cases wait for something the toolkit does not have yet:`, ...aligned(rows), ''];
}

function failureLines(results: readonly SuiteResult[]): string[] {
  const failures = results.filter(({ status }) => status === 'fail');
  return failures.flatMap(({ backend, id, reason }) => [
    `FAIL ${id} on ${backend}: ${reason}`,
    `     again: nn-conformance --backend ${backend} --filter ${id}`,
    '',
  ]);
}

function coverageLines(results: readonly SuiteResult[]): string[] {
  return unique(results, ({ backend }) => backend).map((backend) => {
    const own = results.filter((result) => result.backend === backend);
    const { pass, fail } = countStatuses(own);
    return `${backend}: ${fail === 0 ? 'every case that can be run passes' : `${fail} cases fail`}, ${pass}/${own.length}`;
  });
}

function unique(results: readonly SuiteResult[], key: (result: SuiteResult) => string): string[] {
  return [...new Set(results.map(key))];
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
