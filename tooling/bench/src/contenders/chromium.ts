// Ours in a page of Chromium, cross-origin isolated or not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@nn-tooling/test-env';
import { isolationHeaders, noBrowser, openBrowser, serveFolder } from '@nn-tooling/test-env';
import { NdArray, encodeSafetensors } from '@nn/kit';
import { build } from 'vite';
import type { Arrays, Contender, ContenderOptions, Given, Prepared } from './contract.ts';
import type { PlainTask } from './nnTasks.ts';
import type { PageTask } from './page/main.ts';

/** Runs between two readings of the clock: on pages that are not isolated it has a tenth of a millisecond. */
const runsPerReading = 5;

/** Serves the page and opens it when a task comes. */
export async function open({ threads, isolated = true }: ContenderOptions): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'nn-bench-page-'));
  await buildPage(directory);
  const server = await serveFolder(directory, isolated ? isolationHeaders : {});
  const browser = await openBrowser();
  if (browser === undefined) throw new Error(noBrowser);
  return {
    async prepare({ task, model, arrays }: Given) {
      if (!isMeasured(task)) return undefined;
      await writeFile(join(directory, 'fixture'), fileOf(arrays));
      if (task.kind !== 'start') return prepareInPage(browser, server.url, { task, model, threads });
      const first: PageTask = { task: { kind: 'inference', model: 'mlp', batch: 1 }, model, threads };
      return { run: () => startInPage(browser, server.url, first) };
    },
    async close() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

/** Whole steps and predictions: a page has no other way to single operations than Node has. */
function isMeasured(task: Given['task']): task is Extract<PlainTask, { kind: 'training' | 'inference' }> | { readonly kind: 'start' } {
  return task.kind === 'training' || task.kind === 'inference' || task.kind === 'start';
}

async function buildPage(directory: string): Promise<void> {
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir: directory, emptyOutDir: true, target: 'es2022' },
  });
}

function fileOf(arrays: Arrays): Uint8Array {
  const entries = Object.entries(arrays).map(([name, { shape, data }]) => {
    return [name, new NdArray(data, shape, data instanceof Float32Array ? 'f32' : data instanceof Int32Array ? 'i32' : 'u8')] as const;
  });
  return encodeSafetensors(Object.fromEntries(entries));
}

async function prepareInPage(browser: Browser, url: string, task: PageTask): Promise<Prepared> {
  const page = await browser.newPage();
  await page.goto(url);
  const check = await page.evaluate((given) => globalThis.bench.prepare(given), task);
  return {
    ...(check === undefined ? {} : { check }),
    run: async () => (await page.evaluate((count) => globalThis.bench.run(count), runsPerReading)) / runsPerReading,
    async dispose() {
      await page.evaluate(() => globalThis.bench.release());
      await page.close();
    },
  };
}

/** Milliseconds to the first prediction of a page that has nothing in any cache. */
async function startInPage(browser: Browser, url: string, task: PageTask): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await page.evaluate((given) => globalThis.bench.start(given), task);
  } finally {
    await context.close();
  }
}
