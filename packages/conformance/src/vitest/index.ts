// Conformance as vitest tests, for the repository of a backend: `describeBackend('mine', () => myBackend())` is the whole file.
import type { Backend } from '@nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGolden, packageVectors } from '../node/files.ts';
import { conformanceCases } from '../suite/cases.ts';
import type { ConformanceCase, ExpectedFailure, Level, Peers, Tier } from '../suite/contract.ts';
import { levels as allLevels } from '../suite/contract.ts';
import { goldenCases } from '../suite/goldenCases.ts';
import { failureText } from '../suite/report.ts';
import { runCase } from '../suite/runSuite.ts';

export interface DescribeBackendOptions {
  /** On all tolerances (default: what the backend's `capabilities.accuracy` asks for, 1 or 4). */
  readonly factor?: number;
  /** Default quick. */
  readonly tier?: Tier;
  /** What is tested so far (default all): forward, gradients, training, life cycle. */
  readonly levels?: readonly Level[];
  /** Of the random data. */
  readonly seed?: number;
  /** Cases that are known to fail, each with a reason and a day. */
  readonly expectedFailures?: readonly ExpectedFailure[];
  /** Bytes that the device of the backend holds now: with it, leaks of device memory are looked for. */
  readonly bytesInUse?: () => number;
  /** The same backend on other numbers of threads: `{ 'one thread': () => myBackend({ threads: 1 }) }`. All must give the same bits. */
  readonly peers?: Peers;
}

/** A case is quick, but a device may have to compile many programs for it. */
const timeout = 60_000;

/**
 * Defines the tests of a backend: golden values, and all cases of a tier. What is unsupported is skipped, with the reason.
 *
 * @param create makes the backend; it is disposed after the tests
 */
export function describeBackend(name: string, create: () => Backend | Promise<Backend>, options: DescribeBackendOptions = {}): void {
  const { tier = 'quick', seed, levels = allLevels } = options;
  const cases = [...goldenCases(loadGolden(packageVectors)), ...conformanceCases({ tier, ...(seed === undefined ? {} : { seed }) })];
  describe(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    }, timeout);
    afterAll(() => backend.dispose());

    describe.each(levels.map((level) => ({ level, own: cases.filter((entry) => entry.level === level) })))('$level', ({ own }) => {
      it.for<ConformanceCase>(own)('$id', { timeout }, async (conformanceCase, { skip }) => {
        const report = await runCase(conformanceCase, backend, { ...options, name });
        if (report.status === 'unsupported' || report.status === 'skipped') skip(report.reason);
        expect(report.status, failureText(report).join('\n')).toBe('pass');
      });
    });
  });
}
