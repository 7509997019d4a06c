// Sessions in a real browser: the built page, served and opened.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, serveFolder } from '@nn-tooling/test-env';
import type { RunRequest } from '../request.ts';
import { addressOf } from '../request.ts';
import type { BackendRun } from '../session.ts';
import { buildPage } from './page.ts';

export interface ConformancePage extends AsyncDisposable {
  /** Opens the address of a run. */
  start(request: RunRequest): Promise<PageSession>;
}

/** A session that a page is at. */
export interface PageSession {
  /** Waits until a backend has run all cases, or could not. @throws when the page reports an error of its own */
  finished(backend: string): Promise<BackendRun>;
}

/** Builds the page and opens a browser for it; undefined where there is no browser. */
export async function openConformancePage(): Promise<ConformancePage | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nn-conformance-'));
  await buildPage(folder);
  const server = await serveFolder(folder);
  return {
    async start(request) {
      const page = await browser.newPage();
      const failure = new Promise<never>((_, reject) => {
        page.on('pageerror', reject);
        page.on('crash', () => reject(new Error('The page crashed.')));
      });
      // Whoever waits for a backend gets it.
      failure.catch(() => {});
      await page.goto(server.url + addressOf(request));
      return {
        async finished(backend) {
          const find = (name: string): BackendRun | undefined => globalThis.conformance?.runs.find((run) => run.name === name && run.over);
          const found = page.waitForFunction(find, backend, { timeout: 0, polling: 200 });
          const run = await Promise.race([found, failure]);
          return (await run.jsonValue())!;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
