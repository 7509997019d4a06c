// Sessions in a real browser: the built page, served and opened.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, serveFolder } from '@nn-tooling/test-env';
import type { RunRequest } from '../request.ts';
import { addressOf } from '../request.ts';
import type { Session } from '../session.ts';
import { buildPage } from './page.ts';

export interface ConformancePage extends AsyncDisposable {
  /** Opens the address of a run and waits until it is over. @throws when the page reports an error of its own */
  run(request: RunRequest): Promise<Session>;
}

/** Builds the page and opens a browser for it; undefined where there is no browser. */
export async function openConformancePage(): Promise<ConformancePage | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nn-conformance-'));
  await buildPage(folder);
  const server = await serveFolder(folder);
  return {
    async run(request) {
      const page = await browser.newPage();
      const failure = new Promise<never>((_, reject) => {
        page.on('pageerror', reject);
        page.on('crash', () => reject(new Error('The page crashed.')));
      });
      await page.goto(server.url + addressOf(request));
      const done = page.waitForFunction(() => globalThis.conformance?.status === 'done', undefined, { timeout: 0 });
      await Promise.race([done, failure]);
      const session = await page.evaluate(() => globalThis.conformance!);
      await page.close();
      return session;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
