// Runs every case on every backend in Node and in a browser, and writes the matrix and its document.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { noBrowser } from '@nn-tooling/test-env';
import { committedMatrix } from '../matrix/committed.ts';
import { documentOf } from '../matrix/document.ts';
import { openConformancePage } from './inBrowser.ts';
import { documentPath, matrixPath } from './paths.ts';
import { everything, reportsOf, runInNode } from './runEverywhere.ts';

await using page = await openConformancePage();
if (page === undefined) throw new Error(noBrowser);
const inNode = reportsOf(await runInNode(everything('full', 'Node')), 'Node');
console.log(`Node: ${inNode.length} cases`);
const inChromium = reportsOf(await page.run(everything('full', 'Chromium')), 'Chromium');
console.log(`Chromium: ${inChromium.length} cases`);
const reports = [...inNode, ...inChromium];
const matrix = committedMatrix(reports);
await writeFile(matrixPath, JSON.stringify(matrix));
await writeFile(documentPath, documentOf(matrix));
execFileSync('oxfmt', [matrixPath, documentPath], { stdio: 'inherit', shell: process.platform === 'win32' });

const failed = reports.filter(({ status }) => status === 'fail');
for (const { id, backend, reason } of failed) console.error(`FAIL ${id} on ${backend}: ${reason}`);
if (failed.length > 0) process.exitCode = 1;
