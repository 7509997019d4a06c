// The suite on every candidate, in Node and in a browser.
import { noWebGpu, provideWebGpu } from '@nn-tooling/test-env';
import type { CaseReport, Tier } from '@nn/conformance';
import type { Capabilities } from '@nn/core';
import { candidates } from '../candidates.ts';
import type { Place } from '../matrix/committed.ts';
import { columnOf, inColumn } from '../matrix/committed.ts';
import type { RunRequest } from '../request.ts';
import type { BackendRun } from '../session.ts';
import { runSession } from '../session.ts';

/** All cases of a tier, on all candidates that run them there. */
export function everything(tier: Tier, place: Place): RunRequest {
  const chosen = candidates.filter(({ places, fullTierOnly = [] }) => {
    return places.includes(place) && (tier === 'full' || !fullTierOnly.includes(place));
  });
  return { backends: chosen.map(({ name }) => name), tier, filter: '', seed: 1 };
}

/** Runs a session in this process. */
export async function runInNode(request: RunRequest): Promise<readonly BackendRun[]> {
  if (!(await provideWebGpu())) throw new Error(noWebGpu);
  const { runs } = await runSession(request, () => {}, new AbortController().signal);
  return runs;
}

/**
 * The reports of runs, each under the column of the matrix that it belongs to.
 * @throws when a backend could not be made or was lost
 */
export function reportsOf(runs: readonly BackendRun[], place: Place): CaseReport[] {
  return runs.flatMap(({ name, error, reports }) => {
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return inColumn(place, reports);
  });
}

/** What the backends of runs declare, by their columns. */
export function capabilitiesOf(runs: readonly BackendRun[], place: Place): Record<string, Capabilities> {
  return Object.fromEntries(
    runs.flatMap(({ name, capabilities }) => (capabilities === undefined ? [] : [[columnOf(name, place), capabilities] as const])),
  );
}
