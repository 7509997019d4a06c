// What becomes of a case: passes, failures, what is unsupported, what is expected to fail.
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { conformanceCases } from './cases.ts';
import type { CaseOutcome, ConformanceCase } from './contract.ts';
import { levels } from './contract.ts';
import { htmlReport } from './html.ts';
import { reportLines } from './report.ts';
import type { SuiteOptions } from './runSuite.ts';
import { runSuite, selectCases } from './runSuite.ts';

const backend = referenceBackend();

const caseOf = (id: string, outcome: CaseOutcome | Error, more: Partial<ConformanceCase> = {}): ConformanceCase => ({
  id,
  level: 'forward',
  subject: 'test',
  tier: 'quick',
  run: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)),
  ...more,
});

const passing = caseOf('passes', { measured: 1, allowed: 4 });
const failing = caseOf('fails', {
  reason: 'too <large>',
  measured: 2,
  allowed: 1,
  evidence: { program: '%0', expected: '1', actual: '3' },
});

const statusOf = async (single: ConformanceCase, options: SuiteOptions = {}) => {
  const reports = await runSuite(backend, { ...options, cases: [single] });
  return reports.map(({ status, reason }) => ({ status, reason }))[0];
};

describe('the cases', () => {
  const [quick, full] = [conformanceCases({ tier: 'quick' }), conformanceCases({ tier: 'full' })];
  const ids = (cases: readonly ConformanceCase[]): string[] => cases.map(({ id }) => id);

  it('have ids of their own, which begin with their level', () => {
    expect(new Set(ids(full)).size).toBe(full.length);
    expect(full.filter(({ id, level }) => !id.startsWith(`${level}/`))).toEqual([]);
  });

  it('are in one list: full contains quick', () => {
    expect(ids(full.filter(({ tier }) => tier === 'quick'))).toEqual(ids(quick));
    expect(full.length).toBeGreaterThan(quick.length);
  });

  it('are the same with every seed, on other data', () => {
    expect(ids(conformanceCases({ tier: 'full', seed: 9 }))).toEqual(ids(full));
  });

  it.each(levels)('are there at the level %s', (level) => {
    expect(selectCases({ levels: [level] }).length).toBeGreaterThan(10);
  });

  it('are chosen by a part of the id', () => {
    expect(ids(selectCases({ filter: '/iota/' }))).toEqual(ids(quick).filter((id) => id.includes('/iota/')));
  });
});

describe('runSuite', () => {
  it('reports measured and allowed errors, and the line that runs a case again', async () => {
    const reports = await runSuite(backend, { cases: [passing, failing], name: 'mine', tier: 'full', seed: 3, factor: 4 });
    expect(reports).toMatchObject([
      { id: 'passes', backend: 'mine', status: 'pass', measured: 1, allowed: 4 },
      { id: 'fails', status: 'fail', reason: 'too <large>', rerun: "nn-conformance --backend mine --seed 3 --factor 4 --filter 'fails'" },
    ]);
  });

  it('takes errors for failures', async () => {
    expect(await statusOf(caseOf('throws', new RangeError('no')))).toEqual({ status: 'fail', reason: 'RangeError: no' });
  });

  it('does not run what the backend declares that it cannot', async () => {
    const single = caseOf('never', new Error('it ran'), {
      unsupported: ({ precision }) => (precision === 'f64' ? 'only float32' : undefined),
    });
    expect(await statusOf(single)).toEqual({ status: 'unsupported', reason: 'only float32' });
  });

  it('skips a failure that is expected, with the reason', async () => {
    const expectedFailures = [{ id: 'fail', reason: 'issue 7', expires: '2999-01-01' }];
    expect(await statusOf(failing, { expectedFailures })).toEqual({
      status: 'skipped',
      reason: 'expected to fail until 2999-01-01: issue 7',
    });
  });

  it.each([
    ['starts to pass', passing, { id: 'passes', reason: 'issue 7', expires: '2999-01-01' }, 'Take it off the list'],
    ['is over its day', failing, { id: 'fails', reason: 'issue 7', expires: '2020-01-01' }, 'was expected to fail until 2020-01-01'],
  ])('fails a case that is expected to fail when it %s', async (_, single, entry, message) => {
    expect(await statusOf(single, { expectedFailures: [entry] })).toEqual({ status: 'fail', reason: expect.stringContaining(message) });
  });

  it('says how far it is, and stops when it is told to', async () => {
    const seen: string[] = [];
    const controller = new AbortController();
    const running = runSuite(backend, {
      cases: [passing, failing],
      signal: controller.signal,
      onResult({ id }, { done, total }) {
        seen.push(`${id} ${done}/${total}`);
        controller.abort();
      },
    });
    await expect(running).rejects.toThrow('aborted');
    expect(seen).toEqual(['passes 1/2']);
  });
});

describe('a report', () => {
  it('ends with the coverage, and shows of a failure all that is known', async () => {
    const reports = await runSuite(backend, { cases: [passing, failing, caseOf('waits', { reason: 'waits for x', waits: true })] });
    const lines = reportLines(reports).join('\n');
    expect(lines).toContain('test      1 (1 FAIL, 1 unsupported) 200 %');
    expect(lines).toContain(
      'FAIL fails on reference: too <large>\n     program:\n       %0\n     expected:\n       1\n     actual:\n       3',
    );
    expect(lines.split('\n').at(-1)).toBe('reference: 1 cases fail, 1/3');
    expect(htmlReport(reports)).toContain('FAIL fails on reference: too &lt;large&gt;');
  });
});
