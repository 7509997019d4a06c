// The page of the scenarios in a browser, for tests and scripts.
import { join } from 'node:path';
import { isolationHeaders, openTestPage, tfjsWasmFiles } from '@nn-tooling/test-env';
import type { TestPage } from '@nn-tooling/test-env';
import type { Scenarios } from './page/main.ts';

export type ScenarioPages = TestPage<Scenarios>;

/**
 * Bundles the page and opens a browser for it; undefined where there is no browser.
 * @param headers that it is served with, by default those that isolate it
 */
export function openScenarioPages(headers: Readonly<Record<string, string>> = isolationHeaders): Promise<ScenarioPages | undefined> {
  return openTestPage<Scenarios>(join(import.meta.dirname, 'page'), { plugins: [tfjsWasmFiles()], headers });
}
