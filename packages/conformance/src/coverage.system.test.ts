// Golden values and the quick tier on the backends of this repository: none fails, and what they cover is what coverage.json says. The
// numbers may only grow.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requestBackend, requestPeers } from './node/backends.ts';
import { loadGolden, packageVectors } from './node/files.ts';
import { conformanceCases } from './suite/cases.ts';
import { goldenCases } from './suite/goldenCases.ts';
import { countStatuses, failureText } from './suite/report.ts';
import { runSuite } from './suite/runSuite.ts';

interface Coverage {
  readonly covered: number;
  readonly total: number;
}

const path = fileURLToPath(new URL('../coverage.json', import.meta.url));
const committed = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Coverage>>;
const cases = [...goldenCases(loadGolden(packageVectors)), ...conformanceCases({ tier: 'quick' })];

describe('coverage.json', () => {
  it.for(Object.entries(committed))('has what %s covers of the quick tier', { timeout: 120_000 }, async ([name, expected]) => {
    const backend = await requestBackend(name);
    const peers = await requestPeers(name, backend);
    const reports = await runSuite(backend, { cases, name, ...(peers === undefined ? {} : { peers }) });
    await backend.dispose();
    const failures = reports.filter(({ status }) => status === 'fail');
    expect(failures.flatMap(failureText).join('\n')).toBe('');
    const found = { covered: countStatuses(reports).pass, total: reports.length };
    expect(found.covered, 'less is covered than before').toBeGreaterThanOrEqual(expected.covered);
    expect(found, 'more is covered, or there are more cases: write the new numbers to coverage.json').toEqual(expected);
  });
});
