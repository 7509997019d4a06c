// The quick tier on every backend in a real browser, and the committed matrix beside it. In Node the backends' own tests run the suite.
import { readFile } from 'node:fs/promises';
import { noBrowser } from '@nn-tooling/test-env';
import type { CaseReport } from '@nn/conformance';
import { selectCases } from '@nn/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommittedMatrix } from './matrix/committed.ts';
import { quickStatuses } from './matrix/committed.ts';
import { documentOf } from './matrix/document.ts';
import type { ConformancePage, PageSession } from './node/inBrowser.ts';
import { openConformancePage } from './node/inBrowser.ts';
import { documentPath, matrixPath } from './node/paths.ts';
import { everything, reportsOf } from './node/runEverywhere.ts';

const request = everything('quick', 'Chromium');
const matrix = JSON.parse(await readFile(matrixPath, 'utf8')) as CommittedMatrix;
const allReports: CaseReport[] = [];

// One page for all backends, one after the other: it keeps what the reference says of the cases.
let page: ConformancePage | undefined;
let session: PageSession | undefined;
beforeAll(async () => {
  page = await openConformancePage();
  session = await page?.start(request);
}, 300_000);
afterAll(() => page?.[Symbol.asyncDispose]());

test.for(request.backends)('%s passes the quick tier in Chromium', { timeout: 400_000 }, async (name, { skip }) => {
  if (session === undefined) return skip(noBrowser);
  const run = await session.finished(name);
  const reports = reportsOf([run], 'Chromium');
  allReports.push(...reports);
  const covered = reports.filter(({ status }) => status === 'pass').length;
  console.log(`${name} in Chromium: ${covered}/${reports.length} in ${(run.milliseconds / 1000).toFixed(1)} s`);
  expect(reports.length).toBe(selectCases(request).length);
  expect(reports.flatMap(({ id, status, reason }) => (status === 'fail' ? [`${id}: ${reason}`] : []))).toEqual([]);
});

test('the committed matrix has the statuses of this run', ({ skip }) => {
  if (page === undefined) return skip(noBrowser);
  const found = quickStatuses(allReports);
  const subjects = (statuses: object): string[] => Object.keys(statuses).toSorted();
  const advice = "run 'pnpm run conformance:matrix' and commit what it writes";
  expect(subjects(matrix.quick), advice).toEqual(subjects(found));
  for (const [subject, statuses] of Object.entries(found)) expect(matrix.quick[subject], `${subject}: ${advice}`).toMatchObject(statuses);
});

test('the document is made from the committed matrix', async () => {
  const withoutPadding = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-');
  expect(withoutPadding(await readFile(documentPath, 'utf8'))).toBe(withoutPadding(documentOf(matrix)));
});
