// `nn-conformance`: loads backends and golden files, runs, reports.
import { writeFile } from 'node:fs/promises';
import { ConfigError, DataError, isNnError } from '@nn/core';
import type { GoldenFile } from '../golden/format.ts';
import { cellText, reportLines } from '../golden/report.ts';
import type { Candidate, SuiteResult } from '../golden/suite.ts';
import { countStatuses, filterCases, runSuite } from '../golden/suite.ts';
import type { ConformanceArguments } from './arguments.ts';
import { helpText, parseArguments } from './arguments.ts';
import { requestBackend } from './backends.ts';
import { loadGolden } from './files.ts';

/** Where text goes. */
export interface Console {
  out(line: string): void;
  /** Progress and errors. */
  error(line: string): void;
}

const usageError = 2;

/** @returns the exit code: 0, 1 when a case fails or something is missing, 2 when the command is not understood */
export async function main(argv: readonly string[], console: Console): Promise<number> {
  try {
    const options = parseArguments(argv);
    if (options.help) {
      console.out(helpText);
      return 0;
    }
    const results = await runAll(options, console);
    for (const line of reportLines(results)) console.out(line);
    if (options.json !== undefined) await writeResults(options.json, results);
    return countStatuses(results).fail === 0 ? 0 : 1;
  } catch (error) {
    if (!isNnError(error)) throw error;
    console.error(`nn-conformance: ${error.message}`);
    if (!(error instanceof ConfigError)) return 1;
    console.error('nn-conformance --help shows what it takes.');
    return usageError;
  }
}

async function runAll(options: ConformanceArguments, console: Console): Promise<SuiteResult[]> {
  const files = selectedFiles(options);
  const candidates: Candidate[] = [];
  try {
    for (const name of options.backends) candidates.push({ name, backend: await requestBackend(name), factor: options.factor });
    const onFamily = (name: string, family: string, results: readonly SuiteResult[]): void =>
      console.error(`${name}  ${family}  ${cellText(results)}`);
    return await runSuite(files, candidates, { onFamily });
  } finally {
    await Promise.all(candidates.map(({ backend }) => backend.dispose()));
  }
}

function selectedFiles({ vectors, filter }: ConformanceArguments): GoldenFile[] {
  const files = filterCases(loadGolden(vectors), filter);
  if (files.length === 0) throw new ConfigError(`No case in ${vectors} has "${filter}" in its id.`);
  return files;
}

async function writeResults(path: string, results: readonly SuiteResult[]): Promise<void> {
  // JSON has no NaN and no infinities: they become their names, as in the golden files.
  const text = JSON.stringify(
    results,
    (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
    1,
  );
  try {
    await writeFile(path, `${text}\n`);
  } catch (cause) {
    throw new DataError(
      `The results could not be written to ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'data.invalid',
      { cause },
    );
  }
}
