// The page of a package's tests: bundled, served and opened in a browser, its functions called by name.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { build } from 'vite';
import { openBrowser } from './openBrowser.ts';
import { isolationHeaders, serveFolder } from './serveFolder.ts';

declare global {
  /** What the page of a test offers: its script sets it. */
  var testFunctions: object | undefined;
}

/** Functions by name. */
type FunctionsOf<Functions> = { readonly [Name in keyof Functions]: (...given: never[]) => unknown };

export interface TestPage<Functions extends FunctionsOf<Functions>> extends AsyncDisposable {
  /** Calls a function in a page of its own. What it is given and what it returns are copied. @throws what it throws */
  run<Name extends keyof Functions & string>(
    name: Name,
    ...given: Parameters<Functions[Name]>
  ): Promise<Awaited<ReturnType<Functions[Name]>>>;
}

export interface TestPageOptions {
  readonly plugins?: readonly Plugin[];
  /** Whether the bundle is made as small as those of applications (default false). */
  readonly minify?: boolean;
  /** What the page is served with; by default it is cross-origin isolated. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Bundles the page in `root`, whose `index.html` loads a script that sets `globalThis.testFunctions`, and starts a browser for it.
 * @returns undefined where there is no browser
 */
export async function openTestPage<Functions extends FunctionsOf<Functions>>(
  root: string,
  { plugins = [], minify = false, headers = isolationHeaders }: TestPageOptions = {},
): Promise<TestPage<Functions> | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nn-page-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [...plugins],
    resolve: { conditions: ['@nn/source', 'module', 'browser', 'development|production'] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', minify, chunkSizeWarningLimit: 4000 },
  });
  const server = await serveFolder(folder, headers);
  return {
    async run<Name extends keyof Functions & string>(
      name: Name,
      ...given: Parameters<Functions[Name]>
    ): Promise<Awaited<ReturnType<Functions[Name]>>> {
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => globalThis.testFunctions !== undefined);
      const call = ([called, values]: [string, unknown[]]): unknown =>
        (globalThis.testFunctions as Record<string, (...list: unknown[]) => unknown>)[called]!(...values);
      const result = await page.evaluate(call, [name, given] as [string, unknown[]]);
      await page.close();
      return result as Awaited<ReturnType<Functions[Name]>>;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
