// Runs cases on a backend, one after the other, and says what became of each.
import type { Backend } from '@nn/core';
import { factorOf } from './capabilities.ts';
import { conformanceCases } from './cases.ts';
import type { CaseContext, CaseOutcome, CaseReport, CaseStatus, ConformanceCase, ExpectedFailure, Level, Peers, Tier } from './contract.ts';
import { defaultSeed } from './seed.ts';

export interface SuiteOptions {
  /** Default quick. */
  readonly tier?: Tier;
  /** Random data are drawn with it (default 1). */
  readonly seed?: number;
  /** Only cases whose id contains this. */
  readonly filter?: string;
  /** Default all. */
  readonly levels?: readonly Level[];
  /** The cases to choose from, in place of those of `tier` and `seed`. */
  readonly cases?: readonly ConformanceCase[];
  /** On all tolerances (default: what the backend's `capabilities.accuracy` asks for, 1 or 4). */
  readonly factor?: number;
  /** Cases that are known to fail. One that passes, or whose day is over, is a failure. */
  readonly expectedFailures?: readonly ExpectedFailure[];
  /** Bytes that the device holds now; without it, nobody looks for leaks of device memory. */
  readonly bytesInUse?: () => number;
  /** The same backend on other numbers of threads; without them, nobody looks whether the number changes results. */
  readonly peers?: Peers;
  /** What the backend is called in reports and rerun lines (default its own name). */
  readonly name?: string;
  /** More arguments of the rerun lines: `--vectors DIR`. */
  readonly rerunArguments?: readonly string[];
  /** Called after each case. */
  readonly onResult?: (result: CaseReport, progress: { readonly done: number; readonly total: number }) => void;
  /** Stops between two cases. */
  readonly signal?: AbortSignal;
}

/** Runs the cases that the options choose. The backend is borrowed, not disposed. */
export async function runSuite(backend: Backend, options: SuiteOptions = {}): Promise<CaseReport[]> {
  const { onResult, signal } = options;
  const cases = selectCases(options);
  const reports: CaseReport[] = [];
  for (const conformanceCase of cases) {
    signal?.throwIfAborted();
    const report = await runCase(conformanceCase, backend, options);
    reports.push(report);
    onResult?.(report, { done: reports.length, total: cases.length });
  }
  return reports;
}

/** The cases that {@link runSuite} runs with these options. */
export function selectCases({ tier = 'quick', seed = defaultSeed, cases, filter = '', levels }: SuiteOptions): ConformanceCase[] {
  const all = cases ?? conformanceCases({ tier, seed });
  return all.filter(({ id, level }) => id.includes(filter) && (levels === undefined || levels.includes(level)));
}

/** Runs one case. Errors of the backend, untyped ones too, are failures. */
export async function runCase(conformanceCase: ConformanceCase, backend: Backend, options: SuiteOptions = {}): Promise<CaseReport> {
  const { factor, bytesInUse, peers, expectedFailures = [], name = backend.name, seed = defaultSeed, rerunArguments = [] } = options;
  const { id, level, subject, tier, op } = conformanceCase;
  const context: CaseContext = { backend, factor: factor ?? factorOf(backend.capabilities), bytesInUse, peers };
  const start = performance.now();
  const finished = (status: CaseStatus, outcome: CaseOutcome): CaseReport => ({
    id,
    backend: name,
    level,
    subject,
    tier,
    ...(op === undefined ? {} : { op }),
    status,
    milliseconds: performance.now() - start,
    rerun: rerunLine({ name, tier, seed, factor, id, rerunArguments }),
    ...outcome,
  });
  const unsupported = conformanceCase.unsupported?.(backend.capabilities, context);
  if (unsupported !== undefined) return finished('unsupported', { reason: unsupported });
  const outcome = await outcomeOf(conformanceCase, context);
  if (outcome.waits) return finished('unsupported', outcome);
  const expected = expectedFailures.find((entry) => id.includes(entry.id));
  if (expected === undefined) return finished(outcome.reason === undefined ? 'pass' : 'fail', outcome);
  const known = `expected to fail until ${expected.expires}: ${expected.reason}`;
  if (outcome.reason === undefined) return finished('fail', { ...outcome, reason: `passes, but is ${known} Take it off the list.` });
  const isOver = new Date() >= new Date(expected.expires);
  return isOver
    ? finished('fail', { ...outcome, reason: `${outcome.reason} (was ${known})` })
    : finished('skipped', { ...outcome, reason: known });
}

async function outcomeOf(conformanceCase: ConformanceCase, context: CaseContext): Promise<CaseOutcome> {
  try {
    return await conformanceCase.run(context);
  } catch (error) {
    return { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

interface Rerun {
  readonly name: string;
  readonly tier: Tier;
  readonly seed: number;
  readonly factor: number | undefined;
  readonly id: string;
  readonly rerunArguments: readonly string[];
}

function rerunLine({ name, tier, seed, factor, id, rerunArguments }: Rerun): string {
  const changed = [
    ...(tier === 'quick' ? [] : [`--tier ${tier}`]),
    ...(seed === defaultSeed ? [] : [`--seed ${seed}`]),
    ...(factor === undefined ? [] : [`--factor ${factor}`]),
    ...rerunArguments,
  ];
  return ['nn-conformance', `--backend ${name}`, ...changed, `--filter '${id}'`].join(' ');
}
