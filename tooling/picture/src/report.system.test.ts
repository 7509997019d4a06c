// The report of `nn-mnist compare` as a browser shows it: alone, with every chart, on light and dark and narrow pages.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from '@nn-tooling/test-env';
import { noBrowser, openBrowser } from '@nn-tooling/test-env';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const flags = '--normalization none,batch --dropout 0,0.2 --hidden 24,16 --limit 600 --epochs 2 --seeds 2';
const command = ['--conditions=@nn/source', '--import', import.meta.resolve('tsx'), join(root, 'apps/mnist/src/cli.ts')];

let folder: string;
let browser: Browser | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-report-'));
  browser = await openBrowser();
  if (browser !== undefined)
    await promisify(execFile)('node', [...command, 'compare', ...flags.split(' '), '--out', join(folder, 'comparison')]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

test.for([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const)('is whole and readable on a %s page, %i pixels wide', async ([colorScheme, width], { skip }) => {
  if (browser === undefined) return skip(noBrowser);
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  const url = pathToFileURL(join(folder, 'comparison', 'report.html')).href;
  await page.goto(url);
  expect(asked).toEqual([url]);
  expect(complaints).toEqual([]);

  expect(await page.locator('h1').textContent()).toBe('What difference normalization and dropout make');
  // Results and costs.
  expect(await page.locator('tbody tr').count()).toBe(2 * 4);
  const charts = await page.locator('svg').evaluateAll((all) =>
    all.map((svg) => {
      const { width: drawn, height } = svg.getBoundingClientRect();
      return { drawn, height, lines: svg.querySelectorAll('.mark-line path').length, label: svg.getAttribute('aria-label') };
    }),
  );
  expect(charts.map(({ label }) => label)).toEqual([
    ...['training loss', 'test accuracy', 'length of the gradient'],
    ...Array.from({ length: 3 }, () => ['hidden layer 1 (relu1)', 'hidden layer 2 (relu2)']).flat(),
  ]);
  for (const { drawn, height, lines } of charts) {
    expect(lines).toBe(4);
    expect(drawn).toBeGreaterThan(300);
    expect(drawn).toBeLessThan(width);
    expect(height / drawn).toBeCloseTo(charts[0]!.height / charts[0]!.drawn, 2);
  }
  // Nothing sticks out to the right, and text is not in the colour of the page.
  const { overflow, text, ground } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    text: getComputedStyle(document.querySelector('svg text')!).fill,
    ground: getComputedStyle(document.body).backgroundColor,
  }));
  expect(overflow).toBe(0);
  expect(text).not.toBe(ground);
  await page.close();
});
