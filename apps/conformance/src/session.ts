// Runs the suite on one backend after the other and tells what is known so far.
import type { CaseReport, ConformanceCase } from '@nn/conformance';
import { runSuite, selectCases } from '@nn/conformance';
import type { Capabilities } from '@nn/core';
import type { Candidate } from './candidates.ts';
import { candidates } from './candidates.ts';
import type { RunRequest } from './request.ts';

/** How far one backend is. */
export interface BackendRun {
  readonly name: string;
  readonly reports: readonly CaseReport[];
  readonly total: number;
  readonly milliseconds: number;
  /** What it declares; undefined until it was made. */
  readonly capabilities?: Capabilities;
  /** Why it could not be made, or was lost. */
  readonly error?: string;
  /** Whether this is all there will be of it. */
  readonly over: boolean;
}

export interface Session {
  readonly status: 'idle' | 'running' | 'done' | 'stopped';
  readonly runs: readonly BackendRun[];
}

declare global {
  /** What the page shows, for programs that open it. */
  var conformance: Session | undefined;
}

/** How long the page may be busy before it is drawn and listens to its reader again. */
const patience = 200;

/**
 * @param onChange is called when there is something new to show, some five times a second
 * @param signal ends the session after the case that is being run
 */
export async function runSession(request: RunRequest, onChange: (session: Session) => void, signal: AbortSignal): Promise<Session> {
  const chosen = candidates.filter(({ name }) => request.backends.includes(name));
  // One list for all, as the cases keep what the reference says.
  const cases = selectCases(request);
  const runs: BackendRun[] = chosen.map(({ name }) => ({ name, reports: [], total: cases.length, milliseconds: 0, over: false }));
  for (const [index, candidate] of chosen.entries()) {
    for await (const run of runBackend(candidate, request, cases, signal)) {
      runs[index] = run;
      onChange({ status: 'running', runs: [...runs] });
    }
  }
  const session: Session = { status: signal.aborted ? 'stopped' : 'done', runs };
  onChange(session);
  return session;
}

async function* runBackend(
  candidate: Candidate,
  request: RunRequest,
  cases: readonly ConformanceCase[],
  signal: AbortSignal,
): AsyncGenerator<BackendRun> {
  const { name, command, peers } = candidate;
  const reports: CaseReport[] = [];
  const start = performance.now();
  let capabilities: Capabilities | undefined;
  const soFar = (over: boolean): BackendRun => ({
    name,
    reports: [...reports],
    total: cases.length,
    milliseconds: performance.now() - start,
    over,
    ...(capabilities === undefined ? {} : { capabilities }),
  });
  try {
    const backend = await candidate.create();
    capabilities = backend.capabilities;
    try {
      let shown = 0;
      for (const conformanceCase of cases) {
        if (signal.aborted) break;
        const options = {
          tier: request.tier,
          seed: request.seed,
          cases: [conformanceCase],
          name: command,
          ...(peers === undefined ? {} : { peers }),
        };
        for (const report of await runSuite(backend, options)) reports.push({ ...report, backend: name });
        if (performance.now() - shown < patience) continue;
        yield soFar(false);
        await new Promise((resolve) => setTimeout(resolve));
        shown = performance.now();
      }
    } finally {
      await backend.dispose();
    }
    yield soFar(true);
  } catch (error) {
    yield { ...soFar(true), error: error instanceof Error ? error.message : String(error) };
  }
}
