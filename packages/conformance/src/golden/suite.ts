// All golden cases on all backends, and the figures of a summary.
import type { Backend } from '@nn/core';
import type { GoldenFile } from './format.ts';
import type { CaseResult, CaseStatus } from './run.ts';
import { runCase } from './run.ts';

/** A result with the family of its case. */
export interface SuiteResult extends CaseResult {
  readonly family: string;
}

/** A backend under the name that was asked for, and how much its arithmetic may be off. */
export interface Candidate {
  readonly name: string;
  readonly backend: Backend;
  /** On the golden tolerances: 1 for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor: number;
}

export interface SuiteOptions {
  /** Called after each family on each backend. */
  readonly onFamily?: (name: string, family: string, results: readonly SuiteResult[]) => void;
}

/** Runs every case on every candidate, one after the other. */
export async function runSuite(
  files: readonly GoldenFile[],
  candidates: readonly Candidate[],
  { onFamily }: SuiteOptions = {},
): Promise<SuiteResult[]> {
  const all: SuiteResult[] = [];
  for (const { name, backend, factor } of candidates) {
    for (const { family, cases } of files) {
      const results: SuiteResult[] = [];
      for (const golden of cases) results.push({ ...(await runCase(golden, backend, { factor })), family, backend: name });
      onFamily?.(name, family, results);
      all.push(...results);
    }
  }
  return all;
}

/** The files with only those cases whose id contains `text`; files without any are left out. */
export function filterCases(files: readonly GoldenFile[], text: string): GoldenFile[] {
  const filtered = files.map((file) => ({ ...file, cases: file.cases.filter(({ id }) => id.includes(text)) }));
  return filtered.filter(({ cases }) => cases.length > 0);
}

/** How many results have each status. */
export function countStatuses(results: readonly Pick<CaseResult, 'status'>[]): Record<CaseStatus, number> {
  const counts: Record<CaseStatus, number> = { pass: 0, fail: 0, waiting: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}
