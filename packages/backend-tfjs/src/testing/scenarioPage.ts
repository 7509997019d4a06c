// The page of the scenarios in a browser, for tests and scripts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, serveFolder } from '@nn-tooling/test-env';
import { buildPage } from './buildPage.ts';
import type { Scenarios } from './page/main.ts';

export interface ScenarioPages extends AsyncDisposable {
  /** Runs one of them in a page of its own. */
  run<Name extends keyof Scenarios>(name: Name, ...args: Parameters<Scenarios[Name]>): Promise<Awaited<ReturnType<Scenarios[Name]>>>;
}

/**
 * Builds the page and opens a browser for it; undefined where there is no browser.
 * @param headers that it is served with, by default those that isolate it
 */
export async function openScenarioPages(headers?: Readonly<Record<string, string>>): Promise<ScenarioPages | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nn-tfjs-'));
  await buildPage(folder);
  return {
    async run<Name extends keyof Scenarios>(
      name: Name,
      ...args: Parameters<Scenarios[Name]>
    ): Promise<Awaited<ReturnType<Scenarios[Name]>>> {
      await using server = await serveFolder(folder, headers);
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => globalThis.tfjsScenarios !== undefined);
      const call = async ([scenario, given]: [string, unknown[]]): Promise<unknown> => {
        const run = globalThis.tfjsScenarios![scenario as keyof Scenarios] as (...list: unknown[]) => Promise<unknown>;
        return run(...given);
      };
      const result = await page.evaluate(call, [name, args] as [string, unknown[]]);
      await page.close();
      return result as Awaited<ReturnType<Scenarios[Name]>>;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}
