// `nn-conformance`: loads backends and cases, runs, reports.
import { readFile, writeFile } from 'node:fs/promises';
import type { Backend, Capabilities } from '@nn/core';
import { ConfigError, DataError, isNnError } from '@nn/core';
import { catchMutant } from '../mutants/catch.ts';
import { conformanceCases } from '../suite/cases.ts';
import { comparePrograms } from '../suite/comparePrograms.ts';
import type { CaseReport, ConformanceCase, ExpectedFailure } from '../suite/contract.ts';
import { goldenCases } from '../suite/goldenCases.ts';
import { htmlReport } from '../suite/html.ts';
import { countStatuses, reportLines } from '../suite/report.ts';
import { runSuite, selectCases } from '../suite/runSuite.ts';
import type { ConformanceArguments } from './arguments.ts';
import { helpText, parseArguments } from './arguments.ts';
import { requestBackend, requestPeers } from './backends.ts';
import { loadExpectedFailures } from './expectedFailures.ts';
import { loadGolden, packageVectors } from './files.ts';
import { loadMutants } from './mutantFiles.ts';
import { readProgram } from './programFile.ts';

/** Where text goes. */
export interface Console {
  out(line: string): void;
  /** Progress and errors. */
  error(line: string): void;
}

const usageError = 2;
const casesPerProgressLine = 200;

/** @returns the exit code: 0, 1 when a case fails or something is missing, 2 when the command is not understood */
export async function main(argv: readonly string[], console: Console): Promise<number> {
  try {
    const options = parseArguments(argv);
    if (options.help) {
      console.out(helpText);
      return 0;
    }
    if (options.compare !== undefined) return await compare(options, options.compare, console);
    if (options.mutants !== undefined) return await tryMutants(options, options.mutants, console);
    return await runBackends(options, console);
  } catch (error) {
    if (!isNnError(error)) throw error;
    console.error(`nn-conformance: ${error.message}`);
    if (!(error instanceof ConfigError)) return 1;
    console.error('nn-conformance --help shows what it takes.');
    return usageError;
  }
}

async function runBackends(options: ConformanceArguments, console: Console): Promise<number> {
  const known = options.expectedFailures === undefined ? [] : loadExpectedFailures(options.expectedFailures);
  const reports: CaseReport[] = [];
  const declared: Record<string, Capabilities> = {};
  for (const [index, seed] of options.seeds.entries()) {
    // Golden values have no seed.
    const cases = casesOf(options, seed).filter(({ id }) => index === 0 || !id.startsWith('golden/'));
    for (const name of options.backends) {
      await withBackend(name, async (backend) => {
        declared[name] = backend.capabilities;
        reports.push(...(await runOn(backend, { name, seed, cases, known }, options, console)));
      });
    }
  }
  for (const line of reportLines(reports, declared)) console.out(line);
  // JSON has no NaN and no infinities: they become their names, as in the golden files.
  const plain = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
  if (options.json !== undefined) await writeText(options.json, `${JSON.stringify(reports, plain, 1)}\n`);
  if (options.html !== undefined) await writeText(options.html, htmlReport(reports, declared));
  return countStatuses(reports).fail === 0 ? 0 : 1;
}

interface Run {
  /** Of the backend. */
  readonly name: string;
  readonly seed: number;
  readonly cases: readonly ConformanceCase[];
  readonly known: readonly ExpectedFailure[];
}

async function runOn(
  backend: Backend,
  { name, seed, cases, known }: Run,
  { seeds, factor, vectors }: ConformanceArguments,
  console: Console,
): Promise<CaseReport[]> {
  const peers = await requestPeers(name, backend);
  const title = seeds.length === 1 ? name : `${name}, seed ${seed}`;
  let failed = 0;
  return runSuite(backend, {
    cases,
    seed,
    expectedFailures: known,
    ...(factor === undefined ? {} : { factor }),
    ...(peers === undefined ? {} : { peers }),
    name,
    rerunArguments: vectors === undefined ? [] : [`--vectors ${vectors}`],
    onResult({ status, id, reason }, { done, total }) {
      if (status === 'fail') console.error(`${title}  FAIL ${id}: ${reason}`);
      if (status === 'fail') failed += 1;
      if (done % casesPerProgressLine === 0 || done === total)
        console.error(`${title}  ${done}/${total}${failed > 0 ? `, ${failed} fail` : ''}`);
    },
  });
}

/** @throws ConfigError when the options leave no case */
function casesOf({ tier, filter, levels, vectors }: ConformanceArguments, seed: number): ConformanceCase[] {
  const golden = goldenCases(loadGolden(vectors ?? packageVectors));
  const all = vectors === undefined ? [...golden, ...conformanceCases({ tier, seed })] : golden;
  const cases = selectCases({ cases: all, filter, ...(levels === undefined ? {} : { levels }) });
  if (cases.length === 0)
    throw new ConfigError(`No case${levels === undefined ? '' : ` of ${levels.join(', ')}`} has "${filter}" in its id.`);
  return cases;
}

async function compare(
  { factor }: ConformanceArguments,
  { backends, program: path }: NonNullable<ConformanceArguments['compare']>,
  console: Console,
): Promise<number> {
  const { program, arrays } = readProgram(await readText(path), path);
  return withBackend(backends[0], (first) =>
    withBackend(backends[1], async (second) => {
      const parting = await comparePrograms([first, second], program, arrays, factor === undefined ? {} : { factor });
      if (parting === undefined) {
        console.out(`Both agree with the reference on all ${program.instrs.length} instructions.`);
        return 0;
      }
      const place = parting.path === '' ? '' : ` (${parting.path})`;
      console.out(`They part at instruction ${parting.instr}${place}:`);
      console.out(`  ${parting.text}`);
      backends.forEach((name, index) => console.out(`${name}: ${parting.reasons[index] ?? 'agrees with the reference'}`));
      return 1;
    }),
  );
}

async function tryMutants(options: ConformanceArguments, directory: string, console: Console): Promise<number> {
  const cases = casesOf(options, options.seeds[0]!);
  const mutants = await loadMutants(directory);
  let missed = 0;
  for (const mutant of mutants) {
    const report = await catchMutant(mutant, cases);
    if (report === undefined) missed += 1;
    console.out(report === undefined ? `MISSED  ${mutant.name}` : `caught  ${mutant.name}: ${report.id}`);
  }
  console.out(`${mutants.length - missed}/${mutants.length} mutants caught`);
  return missed === 0 ? 0 : 1;
}

async function withBackend<T>(name: string, body: (backend: Backend) => Promise<T>): Promise<T> {
  const backend = await requestBackend(name);
  try {
    return await body(backend);
  } finally {
    await backend.dispose();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DataError(`${path} cannot be read: ${messageOf(cause)}`, 'data.missing', { cause });
  }
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new DataError(`The results could not be written to ${path}: ${messageOf(cause)}`, 'data.invalid', { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
