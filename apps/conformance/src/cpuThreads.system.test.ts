// The CPU backend's workers in a real browser: on a page that shares memory with them, on one that does not, under a strict policy.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolationHeaders, noBrowser, openBrowser, serveFolder } from '@nn-tooling/test-env';
import type { Browser } from '@nn-tooling/test-env';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
): Promise<Awaited<ReturnType<Functions[Name]>>> {
  await using server = await serveFolder(folder, headers);
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'cpu' in globalThis);
  const result = await page.evaluate(
    (called) => (globalThis as { readonly cpu?: Readonly<Record<string, () => Promise<unknown>>> }).cpu![called]!(),
    name as string,
  );
  await page.close();
  return result as Awaited<ReturnType<Functions[Name]>>;
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
