// Runs every case on every backend in Node and in a browser, and writes the matrix and its document.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { noBrowser } from '@nn-tooling/test-env';
import { committedMatrix } from '../matrix/committed.ts';
import { documentOf } from '../matrix/document.ts';
import { openConformancePage } from './inBrowser.ts';
import { documentPath, matrixPath } from './paths.ts';
import { capabilitiesOf, everything, reportsOf, runInNode } from './runEverywhere.ts';

await using page = await openConformancePage();
if (page === undefined) throw new Error(noBrowser);
const inNode = await runInNode(everything('full', 'Node'));
console.log('Node: done');
const request = everything('full', 'Chromium');
const session = await page.start(request);
const inChromium = await Promise.all(request.backends.map((backend) => session.finished(backend)));
console.log('Chromium: done');
const reports = [...reportsOf(inNode, 'Node'), ...reportsOf(inChromium, 'Chromium')];
const matrix = committedMatrix(reports, { ...capabilitiesOf(inNode, 'Node'), ...capabilitiesOf(inChromium, 'Chromium') });
await writeFile(matrixPath, JSON.stringify(matrix));
await writeFile(documentPath, documentOf(matrix));
execFileSync('oxfmt', [matrixPath, documentPath], { stdio: 'inherit', shell: process.platform === 'win32' });

const failed = reports.filter(({ status }) => status === 'fail');
for (const { id, backend, reason } of failed) console.error(`FAIL ${id} on ${backend}: ${reason}`);
if (failed.length > 0) process.exitCode = 1;
