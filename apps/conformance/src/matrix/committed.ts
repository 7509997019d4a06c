// The matrix of a run over everything, as the repository keeps it.
import type { CaseReport } from '@nn/conformance';
import type { Capabilities } from '@nn/core';
import type { CellStatus, Row } from './matrix.ts';
import { matrixOf } from './matrix.ts';

/** The content of matrix.json. */
export interface CommittedMatrix {
  /** `cpu, Chromium`, … */
  readonly columns: readonly string[];
  /** What the backend of each column declares. */
  readonly capabilities: Readonly<Record<string, Capabilities>>;
  /** All cases. */
  readonly rows: readonly Row[];
  /** The cases of the quick tier alone: what the tests compare with. */
  readonly quick: QuickStatuses;
}

/** Status by subject and column. */
export type QuickStatuses = Readonly<Record<string, Readonly<Record<string, CellStatus>>>>;

/** @param reports of the full tier; their backends are the columns */
export function committedMatrix(reports: readonly CaseReport[], capabilities: CommittedMatrix['capabilities']): CommittedMatrix {
  return {
    columns: [...new Set(reports.map(({ backend }) => backend))],
    capabilities,
    rows: matrixOf(reports),
    quick: quickStatuses(reports),
  };
}

export function quickStatuses(reports: readonly CaseReport[]): QuickStatuses {
  const rows = matrixOf(reports.filter(({ tier }) => tier === 'quick'));
  return Object.fromEntries(
    rows.map(({ subject, cells }) => [
      subject,
      Object.fromEntries(Object.entries(cells).map(([column, { status }]) => [column, status] as const)),
    ]),
  );
}

/** The column of a backend. */
export function columnOf(backend: string, place: Place): string {
  return `${backend}, ${place}`;
}

/** The reports of a session under the name of the column that they belong to. */
export function inColumn(place: Place, reports: readonly CaseReport[]): CaseReport[] {
  return reports.map((report) => ({ ...report, backend: columnOf(report.backend, place) }));
}

/** Where backends run. */
export type Place = 'Node' | 'Chromium';
