// The CPU backend's workers in a real browser: on a page that shares memory with them, on one that does not, under a strict policy.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolationHeaders, noBrowser, openBrowser, serveFolder } from '@nn-tooling/test-env';
import type { Browser } from '@nn-tooling/test-env';
import { parseGolden } from '@nn/conformance';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vectorsPath } from './node/paths.ts';
import type * as cpuThreads from './page/cpuThreads.ts';

const folder = await mkdtemp(join(tmpdir(), 'nn-cpu-'));
let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser();
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@nn/source', 'module', 'browser', 'development|production'] },
    build: { outDir: folder, lib: { entry: join(import.meta.dirname, 'page/cpuThreads.ts'), formats: ['es'], fileName: 'cpu' } },
  });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>threads</title><script type="module" src="start.js"></script>');
  await writeFile(join(folder, 'start.js'), "globalThis.cpu = await import('./cpu.js');");
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

type Functions = typeof cpuThreads;

/** Calls a function of the module in a page served with `headers`. */
async function inPage<Name extends keyof Functions>(
  name: Name,
  headers: Readonly<Record<string, string>>,
  ...given: Parameters<Functions[Name]>
): Promise<Awaited<ReturnType<Functions[Name]>>> {
  await using server = await serveFolder(folder, headers);
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'cpu' in globalThis);
  const result = await page.evaluate(
    ([called, values]) =>
      (globalThis as { readonly cpu?: Readonly<Record<string, (...list: unknown[]) => Promise<unknown>>> }).cpu![called]!(...values),
    [name, given] as [string, unknown[]],
  );
  await page.close();
  return result as Awaited<ReturnType<Functions[Name]>>;
}

/** The texts of the golden files, by name. */
async function goldenFiles(): Promise<Record<string, string>> {
  const names = (await readdir(vectorsPath)).filter((name) => name.endsWith('.json'));
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(vectorsPath, name), 'utf8')] as const));
  return Object.fromEntries(files.filter(([, text]) => text.includes('nn-golden/1')));
}

const policy = { 'Content-Security-Policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:" };

describe('a page', () => {
  test(
    'has all threads when it is isolated, else one worker: the same bits, and its own thread is free',
    { timeout: 120_000 },
    async ({ skip }) => {
      if (browser === undefined) return skip(noBrowser);
      const isolated = await inPage('compute', { ...isolationHeaders, ...policy });
      const alone = await inPage('compute', policy);
      expect([isolated.threads, isolated.notes]).toEqual([2, []]);
      expect([alone.threads, alone.notes]).toEqual([1, ['one worker: the page is not cross-origin isolated']]);
      expect(alone.bits).toEqual(isolated.bits);
      // Were the page's own thread to wait for the result, it would have none.
      for (const { turns } of [isolated, alone]) expect(turns).toBeGreaterThan(20);
    },
  );

  test.for([
    [1, isolationHeaders],
    [2, isolationHeaders],
    [1, {}],
  ] as const)('computes the golden values (threads: %d, headers: %o)', { timeout: 120_000 }, async ([threads, headers], { skip }) => {
    if (browser === undefined) return skip(noBrowser);
    const files = await goldenFiles();
    const { passed, others } = await inPage('goldenValues', headers, files, threads);
    expect(others).toEqual([]);
    expect(passed).toBe(Object.entries(files).flatMap(([name, text]) => parseGolden(text, name).cases).length);
  });

  test('hears of the death of a worker, and goes on with a new one', { timeout: 60_000 }, async ({ skip }) => {
    if (browser === undefined) return skip(noBrowser);
    const { failure, afterwards } = await inPage('loseWorker', isolationHeaders);
    expect(failure).toMatch(/^backend.failed: .*lost a worker/);
    expect(afterwards).toBe('');
  });

  test('without isolation hears that its variables are lost', { timeout: 60_000 }, async ({ skip }) => {
    if (browser === undefined) return skip(noBrowser);
    const { failure, afterwards } = await inPage('loseWorker', {});
    expect(failure).toMatch(/^backend.lost: /);
    expect(afterwards).toBe(failure);
  });
});
